internal import Foundation
internal import Inputs
internal import TensorCore

/// The checksums of a suite's files, in the format of `xxh128sum`: a hash, two spaces, a path.
public enum SuiteChecksums {
  /// The file that holds them, in the suite's folder.
  public static let fileName = "XXH128SUMS"

  /// The folders and files of a suite; what else lies in its folder (plans, documentation) is not
  /// built and has no checksum.
  private static let built = ["heads", "images", "models", "suite.yaml", "training.json"]

  /// Writes the checksums of all built files below `folder`, in the order of their paths.
  public static func write(folder: String) throws(SuiteBuildError) {
    var lines: [String] = []
    for path in try files(in: folder) {
      lines.append("\(try hash(folder, path))  \(path)\n")
    }
    let path = "\(folder)/\(fileName)"
    do {
      try Data(lines.joined().utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .file(path: path, reason: FileReason.of(error))
    }
  }

  /// Compares the files below `folder` with their checksums.
  ///
  /// - Returns: how many files there are.
  /// - Throws: `SuiteBuildError.differences` with every file that is changed, missing or new.
  @discardableResult
  public static func check(folder: String) throws(SuiteBuildError) -> Int {
    var expected = try read(folder)
    let count = expected.count
    var differences: [String] = []
    for path in try files(in: folder) {
      switch expected.removeValue(forKey: path) {
      case nil: differences.append("\(path) is new")
      case .some(let wanted):
        if try hash(folder, path) != wanted { differences.append("\(path) is changed") }
      }
    }
    differences += expected.keys.map { "\($0) is missing" }
    guard differences.isEmpty else { throw .differences(differences.sorted()) }
    return count
  }

  private static func read(_ folder: String) throws(SuiteBuildError) -> [String: String] {
    let path = "\(folder)/\(fileName)"
    let text: String
    do {
      text = try InputFile.text(path, limit: .textBytes)
    } catch {
      throw .file(path: path, reason: "can't be read (\(error)); build the suite first")
    }
    var sums: [String: String] = [:]
    for (number, line) in text.split(separator: "\n").enumerated() {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2, parts[0].count == 32 else {
        throw .file(path: path, reason: "line \(number + 1) is no 'HASH  PATH'")
      }
      sums[parts[1].trimmingCharacters(in: .whitespaces)] = parts[0]
    }
    return sums
  }

  private static func hash(
    _ folder: String, _ path: String
  ) throws(SuiteBuildError) -> String {
    do {
      let file = try InputFile("\(folder)/\(path)")
      return "\(ContentHash(of: try file.bytes(0..<file.count)))"
    } catch {
      throw .file(path: "\(folder)/\(path)", reason: "\(error)")
    }
  }

  private static func files(in folder: String) throws(SuiteBuildError) -> [String] {
    var found: [String] = []
    for name in built {
      let path = "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw .file(path: path, reason: "is missing; build the suite first")
      }
      guard isFolder.boolValue else {
        found.append(name)
        continue
      }
      do {
        for entry in try FileManager.default.subpathsOfDirectory(atPath: path) {
          let below = "\(path)/\(entry)"
          guard unsafe FileManager.default.fileExists(atPath: below, isDirectory: &isFolder),
            !isFolder.boolValue
          else { continue }
          found.append("\(name)/\(entry)")
        }
      } catch {
        throw .file(path: path, reason: FileReason.of(error))
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
