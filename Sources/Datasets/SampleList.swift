internal import Foundation
internal import Streams

/// Collects the samples of a data set and, apart, their classes.
struct SampleList {
  /// The task's name, the first part of the sample ids.
  let name: String
  private var samples: [Sample] = []
  private var classIndices: [SampleID: Int] = [:]

  init(name: String) {
    self.name = name
  }

  var count: Int { samples.count }

  mutating func reserve(_ count: Int) {
    samples.reserveCapacity(count)
    classIndices.reserveCapacity(count)
  }

  /// - Parameters:
  ///   - sample: the id below the task's name; its repetition is an error.
  ///   - source: what lists the sample, for the error.
  mutating func append(
    _ sample: String, at location: ImageLocation, classIndex: Int, source: String
  ) throws(DatasetError) {
    let id = SampleID("\(name)/\(sample)")
    guard classIndices.updateValue(classIndex, forKey: id) == nil else {
      throw .repeatedSample(path: source, name: sample)
    }
    samples.append(Sample(id: id, location: location))
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
    let id = SampleID("\(name)/\(sample)")
    guard classIndices.updateValue(classIndex, forKey: id) == nil else {
      throw .stream(.repeatedSample(manifest: list, line: line, path: sample))
    }
    samples.append(Sample(id: id, path: path))
  }

  /// - Parameters:
  ///   - classNames: in the order of the class indices.
  ///   - path: the data set, for the error if there is no sample.
  func labeled(
    _ classNames: [String], path: String, expected: String
  ) throws(DatasetError) -> LabeledImages {
    guard !samples.isEmpty else { throw .noSamples(path: path, expected: expected) }
    return LabeledImages(
      images: ImageDataset(name: name, samples: samples),
      labels: Labels(classNames: classNames, classIndices: classIndices))
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
