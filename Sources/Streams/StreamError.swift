internal import Configuration

/// Test images or labels that can't be used.
public enum StreamError: Error, Equatable, CustomStringConvertible {
  case noFolder(String)
  case unreadable(path: String, reason: String)
  case noClasses(folder: String)
  case noImages(String)
  case malformedManifest(path: String, line: Int, problem: String)
  case missingImage(manifest: String, line: Int, path: String)
  case repeatedSample(manifest: String, line: Int, path: String)
  case unknownClass(name: String, of: String, known: [String])
  /// A class that is known by number, and has no name.
  case unnamedClass(name: String, of: String, count: Int)
  /// A class that a suite wants to keep.
  case unknownKeptClass(name: String, of: String, known: [String])
  case noImagesOfClasses([String], of: String)
  /// A stream that takes a part of a data set in which there is nothing.
  case emptySelection(String, of: String)

  public var description: String {
    switch self {
    case .noFolder(let path):
      "\(path): no such folder of images"
    case .unreadable(let path, let reason):
      "\(path): can't be read (\(reason))"
    case .noClasses(let folder):
      "\(folder): has no folders in it; one folder of images per class is expected"
    case .noImages(let path):
      "\(path): holds no image (\(ImageFolder.extensions.sorted().joined(separator: ", ")))"
    case .malformedManifest(let path, let line, let problem):
      "\(path):\(line): \(problem)"
    case .missingImage(let manifest, let line, let path):
      "\(manifest):\(line): no such image: \(path)"
    case .repeatedSample(let manifest, let line, let path):
      "\(manifest):\(line): \(path) is listed twice; each image stands once in a manifest"
    case .unknownClass(let name, let source, let known):
      "\(source): class '\(name)' is not among the head's classes ("
        + "\(known.joined(separator: ", ")))"
        + (Int(name) == nil || known.contains { Int($0) != nil }
          ? "" : "; class_names: head takes the numbers as the head's rows, from 0")
    case .unnamedClass(let name, let source, let count):
      "\(source): class '\(name)' has no name: \(count) names are given, for the classes 0 to "
        + "\(count - 1)"
    case .unknownKeptClass(let name, let source, let known):
      "\(source): has no class '\(name)'"
        + (Spelling.nearest(to: name, in: known).map { "; did you mean '\($0)'?" }
          ?? "; it has \(known.joined(separator: ", "))")
    case .noImagesOfClasses(let classes, let source):
      "\(source): has no image of the classes \(classes.joined(separator: ", "))"
    case .emptySelection(let selection, let source):
      "\(source): has too few images for '\(selection)'; take a larger part, amount or share of classes"
    }
  }
}
