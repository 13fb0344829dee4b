import Foundation

/// The images of a folder, or a single one.
struct SourceImages {
  struct Item: Sendable {
    let path: String
    /// Names the image among all, and keys its draws: its path below the folder.
    let sample: String
  }

  /// In the order of their samples' names.
  let items: [Item]
  let isFolder: Bool

  /// What counts as an image in a folder, by the ending of its name.
  static let extensions: Set<String> = ["png", "jpg", "jpeg", "ppm", "pgm", "pbm", "pnm"]

  init(_ path: String) throws {
    guard let isFolder = Self.isFolder(path) else {
      throw CommandFailure.input("\(path): no such file or folder")
    }
    self.isFolder = isFolder
    guard isFolder else {
      items = [Item(path: path, sample: URL(filePath: path).lastPathComponent)]
      return
    }
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    items = names.sorted().compactMap { name in
      let file = "\(path)/\(name)"
      guard Self.extensions.contains(URL(filePath: name).pathExtension.lowercased()),
        Self.isFolder(file) == false
      else { return nil }
      return Item(path: file, sample: name)
    }
    guard !items.isEmpty else {
      throw CommandFailure.input(
        "\(path): holds no images (\(Self.extensions.sorted().joined(separator: ", ")))")
    }
  }

  /// Nil where there is nothing.
  static func isFolder(_ path: String) -> Bool? {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists ? isFolder.boolValue : nil
  }
}
