internal import Foundation
internal import Streams

/// Collects the samples of a data set and, apart, their classes.
struct SampleList {
  private var builder: LabeledImages.Builder

  /// - Parameter name: the task's name, the first part of the sample ids.
  init(name: String) {
    builder = LabeledImages.Builder(name: name)
  }

  /// - Parameters:
  ///   - sample: the id below the task's name; its repetition is an error.
  ///   - source: what lists the sample, for the error.
  mutating func append(
    _ sample: String, at location: ImageLocation, classIndex: Int, source: String
  ) throws(DatasetError) {
    guard append(sample, at: location, classIndex) else {
      throw .repeatedSample(path: source, name: sample)
    }
  }

  /// A file that a line of a list names.
  ///
  /// - Parameter sample: the file below `folder`, and the id below the task's name.
  mutating func append(
    file sample: String, in folder: DataFolder, classIndex: Int, list: String, line: Int
  ) throws(DatasetError) {
    let path = folder(sample)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .stream(.missingImage(manifest: list, line: line, path: path))
    }
    guard append(sample, at: .file(path), classIndex) else {
      throw .stream(.repeatedSample(manifest: list, line: line, path: sample))
    }
  }

  private mutating func append(
    _ sample: String, at location: ImageLocation, _ classIndex: Int
  ) -> Bool {
    builder.append(
      Sample(id: SampleID("\(builder.name)/\(sample)"), location: location),
      classIndex: classIndex)
  }

  /// - Parameters:
  ///   - classNames: in the order of the class indices.
  ///   - places: where the class indices that were appended stand among them; nil: where they say.
  ///   - path: the data set, for the error if there is no sample.
  func labeled(
    _ classNames: [String], places: [Int]? = nil, path: String, expected: String
  ) throws(DatasetError) -> LabeledImages {
    guard builder.count > 0 else { throw .noSamples(path: path, expected: expected) }
    return builder.labeled(classNames, places: places)
  }
}

/// Gives classes their places when names come one by one.
struct ClassPlaces {
  /// In byte order.
  let names: [String]
  private let places: [String: Int]

  init(_ names: some Sequence<String>) {
    self.names = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    places = Dictionary(
      uniqueKeysWithValues: self.names.enumerated().map { ($0.element, $0.offset) })
  }

  /// Of one of the names.
  subscript(name: String) -> Int {
    guard let place = places[name] else { preconditionFailure("\(name) is one of the classes") }
    return place
  }
}
