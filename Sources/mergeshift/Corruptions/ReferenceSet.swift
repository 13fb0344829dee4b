import Corruptions
import Foundation
import Results
import Streams

/// Corrupted images that someone else made, or another run, with what each was made of.
struct ReferenceSet {
  struct Case: Sendable {
    /// The clean image.
    let input: String
    /// The corrupted one.
    let reference: String
    /// As the set names it.
    let profile: String
    let corruption: String
    let severity: Double
    /// Nil for that of the command line.
    let seed: UInt64?
    /// Keys the draws, where they are keyed.
    let sample: String
    /// Nil for that of the command line.
    let random: DrawSource?
    /// Of the reference, if it is a JPEG file and its quality is known.
    let quality: Int?
  }

  let cases: [Case]

  /// - Parameters:
  ///   - folder: holds `manifest.csv`, or ImageNet-C's layout.
  ///   - clean: the folder of the clean images, where the set does not hold them.
  ///   - profile: of a set in ImageNet-C's layout, which names none.
  init(_ folder: String, clean: String?, profile: String) throws {
    guard SourceImages.isFolder(folder) == true else {
      throw CommandFailure.input("\(folder): no such folder")
    }
    let manifest = "\(folder)/\(CorruptManifest.name)"
    guard FileManager.default.fileExists(atPath: manifest) else {
      cases = try Self.layout(folder, clean: clean, profile: profile)
      return
    }
    let text = try CommandFailure.text(of: manifest)
    let records = try CSVReader.records(of: text, path: manifest)
    let columns = records.first?.fields ?? []
    if columns.contains("file"), columns.contains("image") {
      cases = try Self.published(records, folder: folder, manifest: manifest)
    } else if columns.contains("path"), columns.contains("source") {
      cases = try Self.own(records, folder: folder, clean: clean, manifest: manifest)
    } else {
      throw CommandFailure.input(
        "\(manifest): has neither the columns file, image, profile, corruption, severity and seed "
          + "nor those that `mergeshift corrupt` writes")
    }
  }

  /// Rows of the profile `input` are the clean images that the others name under `image`.
  private static func published(
    _ records: [CSVReader.Record], folder: String, manifest: String
  ) throws -> [Case] {
    let table = try Columns(
      records, of: ["file", "image", "profile", "corruption", "severity", "seed"], manifest)
    var inputs: [String: String] = [:]
    for row in table.rows where row["profile"] == "input" {
      inputs[row["image"]] = "\(folder)/\(row["file"])"
    }
    return try table.rows.filter { $0["profile"] != "input" }.map { row in
      guard let input = inputs[row["image"]] else {
        throw row.failure("no row of the profile 'input' is the image '\(row["image"])'")
      }
      return Case(
        input: input, reference: "\(folder)/\(row["file"])", profile: row["profile"],
        corruption: row["corruption"], severity: try row.severity(),
        seed: row["seed"].isEmpty ? nil : try row.seed(), sample: row["image"], random: nil,
        quality: nil)
    }
  }

  /// The manifest of `mergeshift corrupt`.
  private static func own(
    _ records: [CSVReader.Record], folder: String, clean: String?, manifest: String
  ) throws -> [Case] {
    let texts = records.map { record in
      var record = record
      record.fields = record.fields.map(CSVField.readText)
      return record
    }
    let table = try Columns(
      texts,
      of: [
        "path", "source", "corruption", "severity", "profile", "seed", "random", "jpeg_quality",
      ], manifest)
    guard let clean else {
      throw CommandFailure.input("\(folder): give --clean DIR, the folder that it was made of")
    }
    return try table.rows.map { row in
      guard !SourceImages.isArchive(row["path"]) else {
        throw row.failure(
          "\(row["path"]) is an archive; unpack it and its original, and compare the folders")
      }
      guard let random = DrawSource(rawValue: row["random"]) else {
        throw row.failure("random is '\(row["random"])'")
      }
      return Case(
        input: "\(clean)/\(row["source"])", reference: "\(folder)/\(row["path"])",
        profile: row["profile"], corruption: row["corruption"], severity: try row.severity(),
        seed: try row.seed(), sample: row["source"], random: random,
        quality: Int(row["jpeg_quality"]))
    }
  }

  /// CORRUPTION/SEVERITY/PATH, beside clean images of the same paths.
  private static func layout(_ folder: String, clean: String?, profile: String) throws -> [Case] {
    guard let clean else {
      throw CommandFailure.input(
        "\(folder): has no manifest.csv; for ImageNet-C's layout give --clean DIR")
    }
    var inputs: [String: SourceImages.Item] = [:]
    for item in try SourceImages(clean).items { inputs[stem(item.sample)] = item }
    return try SourceImages(folder).items.compactMap { item in
      let parts = item.sample.split(separator: "/", maxSplits: 2).map(String.init)
      guard parts.count == 3, let severity = Double(parts[1]),
        Corruption.fractionalSeverityRange.contains(severity)
      else {
        throw CommandFailure.input("\(item.path): is not at CORRUPTION/SEVERITY/IMAGE")
      }
      guard let input = inputs[stem(parts[2])] else {
        throw CommandFailure.input("\(item.path): \(clean) has no image \(parts[2])")
      }
      return Case(
        input: input.path, reference: item.path, profile: profile, corruption: parts[0],
        severity: severity, seed: nil, sample: input.sample, random: nil, quality: nil)
    }
  }

  /// Without the ending: references may be of another format.
  private static func stem(_ path: String) -> String {
    String(path.dropLast(URL(filePath: path).pathExtension.count))
  }
}

/// The rows of a manifest by the names of its columns.
private struct Columns {
  struct Row {
    let line: Int
    let manifest: String
    let values: [String: String]

    subscript(column: String) -> String { values[column] ?? "" }

    func severity() throws -> Double {
      guard let value = Double(self["severity"]),
        Corruption.fractionalSeverityRange.contains(value)
      else { throw failure("severity is '\(self["severity"])'; it must be 0 to 5") }
      return value
    }

    func seed() throws -> UInt64 {
      guard let value = UInt64(self["seed"]) else {
        throw failure("seed is '\(self["seed"])'; it must be an integer from 0 up")
      }
      return value
    }

    func failure(_ problem: String) -> CommandFailure { .input("\(manifest):\(line): \(problem)") }
  }

  let rows: [Row]

  init(_ records: [CSVReader.Record], of needed: [String], _ manifest: String) throws {
    let header = records[0].fields
    if let missing = needed.first(where: { !header.contains($0) }) {
      throw CommandFailure.input("\(manifest): has no column '\(missing)'")
    }
    rows = try records.dropFirst().map { record in
      guard record.fields.count == header.count else {
        throw CommandFailure.input(
          "\(manifest):\(record.line): has \(record.fields.count) columns, the header "
            + "\(header.count)")
      }
      let pairs = zip(header, record.fields)
      return Row(
        line: record.line, manifest: manifest,
        values: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
    }
  }
}
