public import Archives
public import Streams

/// A data set that can't be used as it lies on disk.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  case stream(StreamError)
  case archive(ArchiveError)
  /// A file or folder that a layout has, and which is not there.
  case missing(layout: DatasetLayout, below: String, expected: [String])
  /// Several data sets below one folder.
  case ambiguous(path: String, found: [String])
  case noSplit(layout: DatasetLayout, split: DatasetSplit, known: [DatasetSplit])
  /// A folder whose folders are splits, not classes.
  case splitNeeded(path: String, splits: [String])
  /// `place` says where in the file; `problem` what is there and what would be right.
  case malformed(path: String, place: String, problem: String)
  case differentCounts(images: String, imageCount: Int, labels: String, labelCount: Int)
  case repeatedSample(path: String, name: String)
  case noSamples(path: String, expected: String)

  public var description: String {
    switch self {
    case .stream(let error): "\(error)"
    case .archive(let error): "\(error)"
    case .missing(let layout, let path, let expected):
      "\(path): is no \(layout.rawValue) data set: there is no "
        + expected.joined(separator: " and no ")
    case .ambiguous(let path, let found):
      "\(path): holds several data sets (\(found.joined(separator: ", "))); name one of them"
    case .noSplit(let layout, let split, let known):
      "the layout \(layout.rawValue) has no split '\(split.rawValue)'; it has "
        + known.map(\.rawValue).joined(separator: ", ")
    case .splitNeeded(let path, let splits):
      "\(path): its folders are splits, not classes (\(splits.joined(separator: ", "))); "
        + "give 'split', or the folder of one of them"
    case .malformed(let path, let place, let problem):
      place.isEmpty ? "\(path): \(problem)" : "\(path), \(place): \(problem)"
    case .differentCounts(let images, let imageCount, let labels, let labelCount):
      "\(images) has \(imageCount) images and \(labels) has \(labelCount) labels; one label for "
        + "each image is expected"
    case .repeatedSample(let path, let name):
      "\(path): '\(name)' stands there twice; each image stands once"
    case .noSamples(let path, let expected):
      "\(path): holds no image; expected \(expected)"
    }
  }

  /// Runs `work`, whose errors are a stream's.
  static func stream<Value>(
    _ work: () throws(StreamError) -> Value
  ) throws(DatasetError) -> Value {
    do {
      return try work()
    } catch {
      throw .stream(error)
    }
  }

  /// Runs `work`, whose errors are an archive's.
  static func archive<Value>(
    _ work: () throws(ArchiveError) -> Value
  ) throws(DatasetError) -> Value {
    do {
      return try work()
    } catch {
      throw .archive(error)
    }
  }
}
