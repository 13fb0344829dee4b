import Foundation
import Results
import Streams
import TensorCore

/// `manifest.csv` beside corrupted images: how each was made, and what it holds. A row is added
/// when its image is in its place, so that an interrupted run knows what is finished; at the end
/// the rows are put in order.
final class CorruptManifest: Sendable {
  struct Row: Sendable, Equatable {
    /// Below the manifest's folder.
    let path: String
    /// Below the folder that was read.
    let source: String
    let corruption: String
    let severity: String
    let profile: String
    let seed: String
    let random: String
    /// The recipe's hash.
    let recipe: String
    /// Of a JPEG file; empty for a PNG file.
    let quality: String
    /// XXH3-128 of the samples that the file decodes to, 8-bit RGB, row by row.
    var pixels: String

    fileprivate static let header =
      "path,source,corruption,severity,profile,seed,random,recipe,jpeg_quality,pixels"

    fileprivate var fields: [String] {
      [path, source, corruption, severity, profile, seed, random, recipe, quality, pixels]
    }

    fileprivate init?(fields: [String]) {
      guard fields.count == 10 else { return nil }
      let fields = fields.map(CSVField.readText)
      path = fields[0]
      source = fields[1]
      corruption = fields[2]
      severity = fields[3]
      profile = fields[4]
      seed = fields[5]
      random = fields[6]
      recipe = fields[7]
      quality = fields[8]
      pixels = fields[9]
    }

    init(
      path: String, source: String, corruption: String, severity: String, profile: String,
      seed: String, random: String, recipe: String, quality: String, pixels: String
    ) {
      self.path = path
      self.source = source
      self.corruption = corruption
      self.severity = severity
      self.profile = profile
      self.seed = seed
      self.random = random
      self.recipe = recipe
      self.quality = quality
      self.pixels = pixels
    }

    /// What another row for the same path has otherwise, but for the pixels.
    func difference(to other: Row) -> String? {
      let names = Self.header.split(separator: ",").dropLast()
      for (name, (mine, theirs)) in zip(names, zip(fields, other.fields)) where mine != theirs {
        return "\(name) '\(mine)', not '\(theirs)'"
      }
      return nil
    }

    fileprivate var line: String {
      fields.map { CSVField.text($0).encoded }.joined(separator: ",") + "\n"
    }
  }

  static let name = "manifest.csv"

  let path: String
  /// Whether it was there already.
  let isContinued: Bool
  private let rows: Locked<[String: Row]>
  private let handle = Locked<FileHandle?>(nil)

  /// Reads the manifest of `folder`, if it has one; a last line that was cut off is left out.
  init(folder: String) throws {
    path = "\(folder)/\(Self.name)"
    isContinued = FileManager.default.fileExists(atPath: path)
    var rows: [String: Row] = [:]
    if isContinued {
      let text = try CommandFailure.text(of: path)
      let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
      let records = try CSVReader.records(of: String(whole), path: path)
      guard records.isEmpty || records[0].fields.joined(separator: ",") == Row.header else {
        throw CommandFailure.input(
          "\(path): is no manifest of corrupted images (columns \(Row.header))")
      }
      for record in records.dropFirst() {
        guard let row = Row(fields: record.fields) else {
          throw CommandFailure.input("\(path):\(record.line): has \(record.fields.count) columns")
        }
        rows[row.path] = row
      }
    }
    self.rows = Locked(rows)
  }

  func row(_ path: String) -> Row? { rows.withLock { $0[path] } }

  /// Writes what is known, before there is an image that has no manifest beside it.
  func begin() throws {
    try told { try handle.withLock { try open(&$0) } }
  }

  /// Adds the row of an image that is in its place.
  func add(_ row: Row) throws {
    rows.withLock { $0[row.path] = row }
    try told { try handle.withLock { try append(row, &$0) } }
  }

  /// Begins the file anew with what is known, so that a line that was cut off is gone.
  private func open(_ handle: inout FileHandle?) throws {
    try writeAll(sorted: false)
    handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle?.seekToEnd()
  }

  private func append(_ row: Row, _ handle: inout FileHandle?) throws {
    guard handle != nil else { return try open(&handle) }
    do {
      try handle?.write(contentsOf: Data(row.line.utf8))
    } catch {
      // A part of the line may be there: the next row begins the file anew.
      handle = nil
      throw error
    }
  }

  /// Says which file can't be written, and why.
  private func told(_ work: () throws -> Void) throws {
    do {
      try work()
    } catch {
      throw CommandFailure.input("\(path): can't be written: \(FileReason.of(error))")
    }
  }

  /// Puts the rows in the order of their paths.
  func finish() throws {
    try told {
      try handle.withLock { handle in
        try handle?.close()
        handle = nil
      }
      try writeAll(sorted: true)
    }
  }

  private func writeAll(sorted: Bool) throws {
    let rows = rows.withLock { Array($0.values) }
    let ordered = sorted ? rows.sorted { $0.path < $1.path } : rows
    let text = Row.header + "\n" + ordered.map(\.line).joined()
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url, options: .atomic)
  }
}
