package import Foundation
internal import Inputs
internal import TensorCore

/// The first image of a task under a domain, as the model saw it: a PNG of the folder `gallery`.
package struct GalleryImage: Sendable {
  package let task: String
  package let corruption: String
  /// As the file's name has it; 0 for clean images.
  package let severity: String
  package let width: Int
  package let height: Int
  package let png: Data

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The images of `folder` in the order of their names; none if there is no such folder.
  package static func read(folder: String) throws(ReportError) -> [GalleryImage] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw .unreadable(path: folder, reason: FileReason.of(error))
    }
    var images: [GalleryImage] = []
    for name in names where name.hasSuffix(".png") && !name.hasPrefix(".") {
      images.append(try GalleryImage(path: "\(folder)/\(name)", name: name))
    }
    return images
  }

  private init(path: String, name: String) throws(ReportError) {
    // `task-corruption-severity.png`; a task's name may hold hyphens, a corruption's does not.
    let parts = name.dropLast(".png".count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, !parts[parts.count - 2].isEmpty else {
      throw .unreadable(path: path, reason: "its name is not TASK-CORRUPTION-SEVERITY.png")
    }
    let data: Data
    do {
      data = Data(try InputFile.bytes(path, limit: .imageBytes))
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    // Signature, then the chunk IHDR: width and height, 32 bits each, big-endian.
    guard data.count > 24, data.starts(with: Self.signature) else {
      throw .unreadable(path: path, reason: "not a PNG file")
    }
    func number(at start: Int) -> Int { data[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    task = parts.dropLast(2).joined(separator: "-")
    corruption = String(parts[parts.count - 2])
    severity = String(parts[parts.count - 1])
    width = number(at: 16)
    height = number(at: 20)
    png = data
  }
}
