internal import Archives
internal import Foundation
internal import Streams

/// An image in a shard, and its class as it is written there.
struct WebDatasetSample {
  /// The shard's name and the sample's key.
  let key: String
  let image: FilePart
  let label: String
}

/// One pass over a shard.
struct ShardIndex {
  private let path: String
  private let file: DataFile
  private let reader: TarReader
  /// The shard's name, for ids.
  private let name: String
  private var key: String?
  private var image: FilePart?
  private var classText: String?
  private var description: String?
  /// Extensions of the key that say nothing, for messages.
  private var others: [String] = []
  private var found: [WebDatasetSample] = []

  /// In bytes; texts of classes are short.
  private static let textLimit = 1 << 20
  private static let imageExtensions = ImageFolder.extensions

  init(_ path: String) throws(DatasetError) {
    guard path.hasSuffix(".tar") else {
      throw .malformed(
        path: path, place: "",
        problem: "is a compressed archive, in which images can't be read one by one; decompress it "
          + "first (gunzip, unzstd, unxz), its images are compressed already")
    }
    self.path = path
    file = try DatasetError.archive { () throws(ArchiveError) in try DataFile(path) }
    reader = try DatasetError.archive { () throws(ArchiveError) in try TarReader(contentsOf: path) }
    name = String(path.split(separator: "/").last ?? "shard").replacing(".tar", with: "")
  }

  mutating func samples() throws(DatasetError) -> [WebDatasetSample] {
    while let entry = try nextEntry() {
      guard let (entryKey, ending) = Self.split(entry.path) else { continue }
      if entryKey != key {
        try finishSample()
        key = entryKey
      }
      try add(entry, ending)
    }
    try finishSample()
    return found
  }

  /// The key and the extension, which begins at the first dot of the file's name; nil for hidden
  /// files and those without an extension.
  private static func split(_ path: String) -> (key: String, ending: String)? {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[start...].firstIndex(of: "."), dot != start else { return nil }
    return (String(path[..<dot]), path[path.index(after: dot)...].lowercased())
  }

  private func nextEntry() throws(DatasetError) -> TarEntry? {
    let reader = reader
    return try DatasetError.archive { () throws(ArchiveError) in try reader.nextEntry() }
  }

  private mutating func add(_ entry: TarEntry, _ ending: String) throws(DatasetError) {
    switch ending {
    case let ending where Self.imageExtensions.contains(ending):
      guard image == nil else {
        throw .malformed(
          path: path, place: "'\(entry.path)'", problem: "is a second image of '\(key ?? "")'")
      }
      guard entry.count <= file.count, entry.offset <= file.count - entry.count else {
        throw .malformed(
          path: path, place: "'\(entry.path)'",
          problem: "the archive is cut off inside of it: \(entry.count) bytes at \(entry.offset), "
            + "of \(file.count)")
      }
      image = FilePart(
        file: file, offset: entry.offset, count: entry.count, name: entry.path)
    case "cls": classText = try text(entry)
    case "json": description = try text(entry)
    default: others.append(ending)
    }
  }

  private func text(_ entry: TarEntry) throws(DatasetError) -> String {
    guard entry.count <= Self.textLimit else {
      throw .malformed(
        path: path, place: "'\(entry.path)'",
        problem: "has \(entry.count) bytes; at most \(Self.textLimit) are read")
    }
    let reader = reader
    let bytes: [UInt8]
    do {
      bytes = try reader.content(of: entry)
    } catch {
      throw .malformed(path: path, place: "'\(entry.path)'", problem: "can't be read (\(error))")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed(path: path, place: "'\(entry.path)'", problem: "is no text in UTF-8")
    }
    return text
  }

  private mutating func finishSample() throws(DatasetError) {
    defer { (image, classText, description, others) = (nil, nil, nil, []) }
    guard let key else { return }
    guard let image else {
      guard classText != nil else { return }
      throw .malformed(
        path: path, place: "'\(key)'",
        problem: "has a class and no image that is read ("
          + Self.imageExtensions.sorted().joined(separator: ", ") + ")"
          + (others.isEmpty ? "" : "; it has \(others.map { ".\($0)" }.joined(separator: ", "))"))
    }
    let label: String? =
      if let classText { classText.trimmingCharacters(in: .whitespacesAndNewlines) } else {
        try description.flatMap { text throws(DatasetError) in try labelInside(text, of: key) }
      }
    guard let label, !label.isEmpty else {
      throw .malformed(
        path: path, place: "'\(key)'",
        problem: "has no class: '\(key).cls' with a number or a name is expected, or 'label' in "
          + "'\(key).json'")
    }
    found.append(WebDatasetSample(key: "\(name)/\(key)", image: image, label: label))
  }

  private func labelInside(_ text: String, of key: String) throws(DatasetError) -> String? {
    do {
      let description = try JSONDecoder().decode(LabelDescription.self, from: Data(text.utf8))
      return (description.label ?? description.cls)?.text
    } catch {
      throw .malformed(
        path: path, place: "'\(key).json'",
        problem: "is no JSON object with a number or a name as 'label'")
    }
  }
}

private struct LabelDescription: Decodable {
  let label: Label?
  let cls: Label?

  struct Label: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        text = String(number)
      } else {
        text = try container.decode(String.self)
      }
    }
  }
}
