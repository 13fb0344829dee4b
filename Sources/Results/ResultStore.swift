internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A folder with one write-once file per finished cell, failures included.
///
/// A record is written to a temporary file, synced, and linked to its name, which fails if the name
/// exists: a reader sees whole records only, and of several writers the first one wins, on network
/// file systems too. Resuming is: skip the cells whose file exists.
public struct ResultStore: Sendable {
  public let folder: String

  /// - Parameter folder: made with the first record if it does not exist.
  public init(folder: String) {
    self.folder = folder
  }

  /// Where the record of `key` lies, or would.
  public func path(of key: CellKey) -> String { "\(folder)/\(key.path)" }

  public func contains(_ key: CellKey) -> Bool {
    FileManager.default.fileExists(atPath: path(of: key))
  }

  /// The cells that have a record, as the folders list them: one look for thousands of cells.
  public var keys: Set<CellKey> {
    let root = "\(folder)/cells"
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return folders.reduce(into: []) { keys, name in
      for file in (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(name)")) ?? []
      where file.hasSuffix(".json") {
        if let key = CellKey(text: String(file.dropLast(5))) { keys.insert(key) }
      }
    }
  }

  /// The record of `key`; nil if the cell is not finished.
  public func record(of key: CellKey) throws(ResultError) -> CellRecord? {
    guard contains(key) else { return nil }
    let path = path(of: key)
    let record: CellRecord
    do {
      record = try JSONDecoder().decode(
        CellRecord.self, from: Data(contentsOf: URL(filePath: path)))
    } catch let error as DecodingError {
      throw .unreadable(path: path, reason: Self.text(of: error))
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    guard record.key == key, CellKey(record.ingredients) == key else {
      throw .foreignRecord(path: path, key: record.key.text)
    }
    return record
  }

  /// Writes `record`, unless its cell has a file already.
  ///
  /// - Returns: whether this record is the one that is kept.
  @discardableResult
  public func write(_ record: CellRecord) throws(ResultError) -> Bool {
    let path = path(of: record.key)
    if contains(record.key) { return false }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let temporary: String
    do {
      temporary = try AtomicFile.temporary(beside: path, holding: encoder.encode(record))
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
    defer { unsafe unlink(temporary) }
    if unsafe link(temporary, path) == 0 {
      AtomicFile.syncFolder(of: path)
      return true
    }
    if errno == EEXIST { return false }
    // A file system without hard links: rename replaces, so look once more.
    if contains(record.key) { return false }
    guard unsafe rename(temporary, path) == 0 else {
      throw .unwritable(path: path, reason: unsafe String(cString: strerror(errno)))
    }
    AtomicFile.syncFolder(of: path)
    return true
  }

  private static func text(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "no '\(key.stringValue)'"
    case .dataCorrupted(let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context):
      context.debugDescription
    @unknown default: "\(error)"
    }
  }
}
