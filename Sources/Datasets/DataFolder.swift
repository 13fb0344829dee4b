internal import Foundation
internal import Inputs
internal import Streams

/// A folder of a data set: what lies in it.
struct DataFolder: Sendable {
  /// Without a slash at its end.
  let path: String

  init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  func callAsFunction(_ relative: String) -> String { "\(path)/\(relative)" }

  func holds(_ relative: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(relative)")
  }

  func isFolder(_ relative: String) -> Bool { Self.isFolder("\(path)/\(relative)") }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The names of what lies in it, in byte order, without those that begin with a dot; none if it is
  /// no folder.
  var names: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// This folder, or the first of `names` in it, that holds all of `markers`.
  ///
  /// - Parameter names: folders of the data set, as torchvision names them.
  func base(
    _ layout: DatasetLayout, in names: [String], holding markers: [String]
  ) throws(DatasetError) -> DataFolder {
    let candidates = [self] + names.map { DataFolder("\(path)/\($0)") }
    guard let found = candidates.first(where: { markers.allSatisfy($0.holds) }) else {
      throw .missing(
        layout: layout, below: path,
        expected: markers.filter { marker in !candidates.contains { $0.holds(marker) } }.isEmpty
          ? markers : markers.filter { marker in !candidates.contains { $0.holds(marker) } })
    }
    return found
  }

  /// A text file in the folder.
  func text(_ relative: String) throws(DatasetError) -> String {
    do {
      return try InputFile.text(self(relative), limit: .textBytes)
    } catch {
      throw .stream(.unreadable(path: self(relative), reason: "\(error)"))
    }
  }

  /// The lines of a text file that are not empty, without the blanks around them, with their
  /// numbers.
  func lines(_ relative: String) throws(DatasetError) -> [(number: Int, text: String)] {
    var lines: [(number: Int, text: String)] = []
    let text = try text(relative)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      if !trimmed.isEmpty { lines.append((index + 1, trimmed)) }
    }
    return lines
  }
}
