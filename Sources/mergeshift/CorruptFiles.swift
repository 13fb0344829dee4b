import Foundation

/// Which images are read and where their copies go, made up before anything is written.
struct CorruptFiles {
  struct Item: Sendable {
    let input: String
    let output: String
    /// Names the image among all, and keys its draws: its path below the folder.
    let sample: String
    let format: OutputImage.Format
  }

  let items: [Item]

  /// What counts as an image in a folder, by the ending of its name.
  private static let extensions: Set<String> = [
    "png", "jpg", "jpeg", "ppm", "pgm", "pbm", "pnm",
  ]

  init(input: String, output: String, format: OutputImage.Format?) throws {
    guard let isFolder = Self.isFolder(input) else {
      throw CommandFailure.input("\(input): no such file or folder")
    }
    if isFolder {
      items = try Self.folder(input, to: output, format: format ?? .png)
    } else {
      let ending = URL(filePath: output).pathExtension
      guard let format = format ?? OutputImage.Format(fileExtension: ending) else {
        throw CommandFailure.input(
          "\(output): the extension '\(ending)' is of no format that is written; "
            + "use .png or .jpg, or --format")
      }
      let name = URL(filePath: input).lastPathComponent
      items = [Item(input: input, output: output, sample: name, format: format)]
    }
  }

  /// Refuses to replace a file.
  func refuseExisting() throws {
    let existing = items.filter { FileManager.default.fileExists(atPath: $0.output) }
    guard let first = existing.first else { return }
    let others = existing.count > 1 ? " (and \(existing.count - 1) others)" : ""
    throw CommandFailure.input("\(first.output): is there already\(others); give --overwrite")
  }

  private static func folder(
    _ input: String, to output: String, format: OutputImage.Format
  ) throws -> [Item] {
    let source = URL(filePath: input).standardizedFileURL.path(percentEncoded: false)
    let target = URL(filePath: output).standardizedFileURL.path(percentEncoded: false)
    let root = source.hasSuffix("/") ? source : source + "/"
    guard !(target + "/").hasPrefix(root) else {
      throw CommandFailure.input(
        "\(output): lies in the folder that is read; give a folder beside it")
    }
    if isFolder(output) == false {
      throw CommandFailure.input("\(output): is a file; a folder's copy is a folder")
    }
    var items: [Item] = []
    var taken: [String: String] = [:]
    let paths = FileManager.default.enumerator(atPath: input)?.compactMap { $0 as? String } ?? []
    for path in paths.sorted() {
      let url = URL(filePath: path)
      guard extensions.contains(url.pathExtension.lowercased()),
        isFolder("\(input)/\(path)") == false
      else { continue }
      let stem = String(path.dropLast(url.pathExtension.count + 1))
      let copy = "\(output)/\(stem).\(format.fileExtension)"
      if let other = taken.updateValue(path, forKey: copy) {
        throw CommandFailure.input(
          "\(input)/\(path): its copy would be that of \(other); rename one of the two")
      }
      items.append(Item(input: "\(input)/\(path)", output: copy, sample: path, format: format))
    }
    guard !items.isEmpty else {
      throw CommandFailure.input(
        "\(input): holds no images (\(extensions.sorted().joined(separator: ", ")))")
    }
    return items
  }

  /// Nil where there is nothing.
  private static func isFolder(_ path: String) -> Bool? {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists ? isFolder.boolValue : nil
  }
}
