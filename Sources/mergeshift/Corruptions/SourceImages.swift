import Foundation
import Inputs
import Streams

/// The images of a folder, or a single one; tar archives of images, where they are asked for.
struct SourceImages {
  struct Item: Sendable {
    let path: String
    /// Names the image among all, and keys its draws: its path below the folder.
    let sample: String
    /// For a tar archive of images: the folder that its files count as being in, with a slash at
    /// its end; empty for an archive that is the only source. Nil for an image.
    var archiveFolder: String?
  }

  /// In the order of their samples' names.
  let items: [Item]
  /// Whether they lie below one root: a folder or an archive.
  let isFolder: Bool

  private static let archiveExtension = "tar"

  /// - Parameter takesArchives: whether tar archives of images count as well.
  init(_ path: String, takesArchives: Bool = false) throws {
    guard let isFolder = Self.isFolder(path) else {
      throw CommandFailure.input("\(path): no such file or folder")
    }
    let endings = ImageFolder.extensions.union(takesArchives ? [Self.archiveExtension] : [])
    guard isFolder else {
      let isArchive = takesArchives && Self.isArchive(path)
      self.isFolder = isArchive
      let name = URL(filePath: path).lastPathComponent
      items = [Item(path: path, sample: name, archiveFolder: isArchive ? "" : nil)]
      return
    }
    self.isFolder = true
    items = try Self.files(below: path).sorted().compactMap { name in
      let file = "\(path)/\(name)"
      guard Self.hasExtension(name, of: endings), Self.isFolder(file) != true else { return nil }
      let isArchive = Self.isArchive(name)
      let folder = "\(name.dropLast(Self.archiveExtension.count + 1))/"
      return Item(path: file, sample: name, archiveFolder: isArchive ? folder : nil)
    }
    guard !items.isEmpty else {
      throw CommandFailure.input(
        "\(path): holds no images (\(endings.sorted().joined(separator: ", ")))")
    }
  }

  /// The paths below `folder` of all that is no folder; folders that are links are left out.
  private static func files(below folder: String, relative: String = "") throws -> [String] {
    let names: [String]
    do {
      names = try InputFolder.names(in: folder)
    } catch {
      throw CommandFailure.input("\(folder): \(error)")
    }
    return try names.flatMap { name in
      let path = "\(folder)/\(name)"
      guard isFolder(path) == true else { return [relative + name] }
      let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
      return isLink ? [] : try files(below: path, relative: "\(relative)\(name)/")
    }
  }

  /// Whether a file is an image by its name.
  static func isImage(_ name: String) -> Bool { hasExtension(name, of: ImageFolder.extensions) }

  /// Whether a file is a tar archive by its name.
  static func isArchive(_ name: String) -> Bool { hasExtension(name, of: [archiveExtension]) }

  /// Nil where there is nothing.
  static func isFolder(_ path: String) -> Bool? {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists ? isFolder.boolValue : nil
  }

  private static func hasExtension(_ name: String, of endings: Set<String>) -> Bool {
    endings.contains(URL(filePath: name).pathExtension.lowercased())
  }
}
