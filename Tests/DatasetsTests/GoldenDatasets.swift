import Datasets
import Foundation
import Imaging
import Streams
import TestSupport
import Testing

/// The small data sets of `Goldens/make_goldens.py`, and what the official readers make of them.
enum GoldenDatasets {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Goldens")

  static func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  struct Entry: Decodable {
    let id: String
    let className: String
    let width: Int
    let height: Int
    let pixels: [UInt8]

    enum CodingKeys: String, CodingKey {
      case className = "class"
      case id, width, height, pixels
    }
  }

  static func entries(_ name: String) throws -> [Entry] {
    let data = try Data(contentsOf: folder.appending(path: "expected.json"))
    return try #require(JSONDecoder().decode([String: [Entry]].self, from: data)[name])
  }

  /// Whether a data set holds the images, ids and classes that `name` stands for, in their order.
  static func expect(_ source: DatasetSource, equals name: String) throws {
    let loaded = try source.load(name: "t")
    let expected = try entries(name)
    #expect(loaded.images.samples.map(\.id.text) == expected.map(\.id))
    #expect(
      loaded.images.samples.map { loaded.labels.classNames[loaded.labels[$0.id]!] }
        == expected.map(\.className))
    for (sample, entry) in zip(loaded.images.samples, expected) {
      let image = try sample.image()
      #expect(
        image == PixelImage(width: entry.width, height: entry.height, pixels: entry.pixels),
        "\(sample.id)")
    }
  }

  /// A copy of a data set, to be damaged.
  static func copy(_ name: String) throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    let files =
      FileManager.default.enumerator(atPath: path(name))?.compactMap { $0 as? String } ?? []
    for file in files {
      let data = try? Data(contentsOf: folder.appending(path: "\(name)/\(file)"))
      if let data { try copy.write(data, to: file) }
    }
    return copy
  }

  /// The message of the error that loading throws.
  static func failure(
    _ source: DatasetSource, sourceLocation: SourceLocation = #_sourceLocation
  ) -> String {
    do {
      _ = try source.load(name: "t")
      Issue.record("nothing was thrown", sourceLocation: sourceLocation)
      return ""
    } catch {
      return "\(error)"
    }
  }
}
