import Checkpoints
import Configuration
import Foundation
import Imaging
import TestSupport

extension BadInput {
  /// What is no file, or none of its name's kind.
  static let files = notImages + notFiles

  private static let notImages: [BadInput] = [
    ("A text that is called .jpg", "Dear diary, ...", "begins with the text \"Dear diary, \""),
    ("A web page that is called .jpg", "<!DOCTYPE html><html>", "begins with the text"),
    ("A pointer of Git LFS that is called .jpg", "version https://git-lfs", "not an image"),
    ("A GIF that is called .jpg", "GIF89a\u{1}\u{0}\u{1}\u{0}", "begins with the bytes 47 49 46"),
    ("A TIFF that is called .jpg", "II*\u{0}\u{8}\u{0}\u{0}\u{0}", "not an image"),
    ("A WebP that is called .jpg", "RIFF\u{1a}\u{0}\u{0}\u{0}WEBPVP8 ", "not an image"),
    ("An empty file that is called .jpg", "", "the file is empty"),
    ("Zeros that are called .jpg", String(repeating: "\u{0}", count: 512), "not an image"),
  ].map { name, text, says in
    BadInput(
      name, file: "a.jpg", says: says, make: { folder in try folder.write(text, to: "a.jpg") },
      read: { folder in _ = try ImageDecoder.decode(contentsOf: "\(folder.path)/a.jpg") })
  }

  /// How one kind of file is read.
  private typealias Reader = (kind: String, name: String, read: @Sendable (String) throws -> Void)

  private static let readers: [Reader] = [
    ("an image", "a.png", { _ = try ImageDecoder.decode(contentsOf: $0) }),
    ("a checkpoint", "a.safetensors", { _ = try SafetensorsFile(path: $0) }),
    ("a PyTorch file", "a.pt", { _ = try TorchStateDict(path: $0) }),
    ("a YAML file", "a.yaml", { _ = try YAMLDocument(contentsOf: $0) }),
  ]

  private static let notFiles: [BadInput] = readers.flatMap { kind, name, read in
    func input(
      _ what: String, says: String, make: @escaping @Sendable (String) throws -> Void
    ) -> BadInput {
      BadInput(
        "\(what) in the place of \(kind)", file: name, says: says,
        make: { folder in try make("\(folder.path)/\(name)") },
        read: { folder in try read("\(folder.path)/\(name)") })
    }
    return [
      input("Nothing", says: "no such file") { _ in },
      input("A folder", says: "it is a folder") { path in
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: false)
      },
      input("A pipe", says: "it is a pipe") { path in
        guard unsafe mkfifo(path, 0o600) == 0 else { throw POSIXError(.EIO) }
      },
      input("A link to nothing", says: "a link to a file that is not there") { path in
        try FileManager.default.createSymbolicLink(
          atPath: path, withDestinationPath: "nowhere")
      },
    ]
  }
}
