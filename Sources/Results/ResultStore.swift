internal import Foundation
internal import Inputs
internal import TensorCore

/// A folder with one write-once file per finished cell, failures included, and if asked for another
/// one with its predictions on every image.
///
/// A file is written under a temporary name, synced, and linked to its own, which fails if that
/// exists: a reader sees whole files only, and of several writers the first one wins, on network
/// file systems too. Resuming is: skip the cells whose file exists.
public struct ResultStore: Sendable {
  public let folder: String
  /// Whether a cell is finished only when its predictions are kept too.
  public let keepsPredictions: Bool

  /// - Parameter folder: made with the first record if it does not exist.
  public init(folder: String, keepsPredictions: Bool = false) {
    self.folder = folder
    self.keepsPredictions = keepsPredictions
  }

  /// Where the record of `key` lies, or would.
  public func path(of key: CellKey) -> String { "\(folder)/\(key.path)" }

  /// Where the predictions of `key` lie, or would: beside its record.
  public func predictionsPath(of key: CellKey) -> String {
    "\(path(of: key).dropLast(".json".count)).predictions.csv"
  }

  /// The finished cells, as the folders list them: one look for thousands of cells.
  public var keys: Set<CellKey> {
    let root = "\(folder)/cells"
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return folders.reduce(into: []) { keys, name in
      let files = Set(
        (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(name)")) ?? [])
      for file in files where file.hasSuffix(".json") {
        guard let key = CellKey(text: String(file.dropLast(".json".count))) else { continue }
        if !keepsPredictions || files.contains("\(key).predictions.csv") { keys.insert(key) }
      }
    }
  }

  /// Whether the cell is finished.
  public func contains(_ key: CellKey) -> Bool {
    let paths = [path(of: key)] + (keepsPredictions ? [predictionsPath(of: key)] : [])
    return paths.allSatisfy { FileManager.default.fileExists(atPath: $0) }
  }

  /// The record of `key`, with its predictions or without; nil if there is none.
  public func record(of key: CellKey) throws(ResultError) -> CellRecord? {
    let path = path(of: key)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let record: CellRecord
    do {
      record = try JSONFile.read(path)
    } catch let error as InputError {
      throw .notRead(path: path, reason: "\(error)")
    } catch let error as DecodingError {
      throw .unreadable(path: path, reason: error.reason)
    } catch {
      throw .unreadable(path: path, reason: FileReason.of(error))
    }
    guard record.key == key, CellKey(record.ingredients) == key else {
      throw .foreignRecord(path: path, key: record.key.text)
    }
    return record
  }

  /// Writes `record`, unless its cell has a file already.
  ///
  /// - Parameter predictions: of every task; written first, if the store keeps them, so that a record
  ///   never stands without.
  /// - Returns: the record that is kept: this one, or the one that was there.
  @discardableResult
  public func write(
    _ record: CellRecord, predictions: [TaskPredictions] = []
  ) throws(ResultError) -> CellRecord {
    if keepsPredictions {
      try writeOnce(to: predictionsPath(of: record.key)) { write in
        try PredictionTable.write(predictions, of: record.key, by: write)
      }
    }
    let path = path(of: record.key)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data: Data
    do {
      data = try encoder.encode(record)
    } catch {
      throw .unwritable(path: path, reason: FileReason.of(error))
    }
    if try writeOnce(to: path, { write in try write(data) }) { return record }
    return try self.record(of: record.key) ?? record
  }

  /// Writes what `body` gives, piece by piece, to `path`, unless there is a file.
  ///
  /// - Returns: whether it was written.
  @discardableResult
  private func writeOnce(
    to path: String, _ body: ((Data) throws -> Void) throws -> Void
  ) throws(ResultError) -> Bool {
    func exists() -> Bool { FileManager.default.fileExists(atPath: path) }
    if exists() { return false }
    let temporary: String
    do {
      temporary = try AtomicFile.temporary(beside: path, body)
    } catch {
      throw .unwritable(path: path, reason: FileReason.of(error))
    }
    defer { unsafe unlink(temporary) }
    if unsafe link(temporary, path) == 0 {
      AtomicFile.syncFolder(of: path)
      return true
    }
    if errno == EEXIST { return false }
    // A file system without hard links: rename replaces, so look once more.
    if exists() { return false }
    guard unsafe rename(temporary, path) == 0 else {
      throw .unwritable(path: path, reason: unsafe String(cString: strerror(errno)))
    }
    AtomicFile.syncFolder(of: path)
    return true
  }
}
