internal import Foundation

/// A zip archive in memory whose files are stored without compression, as `torch.save` writes it
/// (PKWARE APPNOTE 6.3; zip64 too): where the bytes of each file lie.
struct ZipArchive: Sendable {
  let data: Data
  /// By name, the place of each file's bytes in `data`.
  let files: [String: Range<Int>]

  /// - Parameters:
  ///   - data: the whole archive; its indices start at 0.
  ///   - path: its name, for error messages.
  /// - Throws: `invalidArchive`.
  init(_ data: Data, path: String) throws(CheckpointError) {
    let reader = ZipReader(data: data, path: path)
    let directory = try reader.directory()
    var files: [String: Range<Int>] = [:]
    var position = directory.offset
    for _ in 0..<directory.count {
      let record = try reader.record(at: position, limit: directory.end)
      guard files.updateValue(record.data, forKey: record.name) == nil else {
        throw reader.error("'\(record.name)' is in it twice")
      }
      position = record.end
    }
    self.data = data
    self.files = files
  }
}

private struct ZipReader {
  let data: Data
  let path: String

  /// Where the list of files lies, and how many it has.
  typealias Directory = (offset: Int, end: Int, count: Int)

  func error(_ reason: String) -> CheckpointError { .invalidArchive(file: path, reason: reason) }

  /// The little-endian number of `count` bytes at `offset`.
  func number(_ offset: Int, _ count: Int) throws(CheckpointError) -> Int {
    guard offset >= 0, offset <= data.count - count else {
      throw error("it is cut off at byte \(data.count)")
    }
    var value: UInt64 = 0
    for index in 0..<count {
      value |= UInt64(data[data.startIndex + offset + index]) << UInt64(8 * index)
    }
    guard let value = Int(exactly: value) else { throw error("a size beyond any file") }
    return value
  }

  func directory() throws(CheckpointError) -> Directory {
    guard data.count >= 4, try number(0, 4) == 0x0403_4b50 else {
      throw error(
        "it is no zip archive; files of PyTorch before 1.6 are not read, load and save it anew")
    }
    // The end record is 22 bytes and a comment of at most 65535.
    var end = data.count - 22
    let last = max(0, end - 65535)
    while end >= last, try number(end, 4) != 0x0605_4b50 { end -= 1 }
    guard end >= last else { throw error("it is cut off: the archive's end is missing") }
    var (count, size, offset) = (
      try number(end + 10, 2), try number(end + 12, 4), try number(end + 16, 4)
    )
    if end >= 20, try number(end - 20, 4) == 0x0706_4b50 {
      let record = try number(end - 12, 8)
      guard try number(record, 4) == 0x0606_4b50 else {
        throw error("the zip64 end record is not where it should be")
      }
      (count, size, offset) = (
        try number(record + 32, 8), try number(record + 40, 8), try number(record + 48, 8)
      )
    }
    // An entry takes 46 bytes at least.
    guard offset <= data.count, size <= data.count - offset, count <= size / 46 else {
      throw error("its list of files lies outside of it (cut off?)")
    }
    return (offset, offset + size, count)
  }

  typealias Record = (name: String, data: Range<Int>, end: Int)

  /// The entry of the list of files at `position`.
  func record(at position: Int, limit: Int) throws(CheckpointError) -> Record {
    guard try number(position, 4) == 0x0201_4b50 else {
      throw error("its list of files is broken at byte \(position)")
    }
    let (flags, method) = (try number(position + 8, 2), try number(position + 10, 2))
    var (packed, size) = (try number(position + 20, 4), try number(position + 24, 4))
    let (nameLength, extraLength, commentLength) = (
      try number(position + 28, 2), try number(position + 30, 2), try number(position + 32, 2)
    )
    var local = try number(position + 42, 4)
    let extra = position + 46 + nameLength
    let end = extra + extraLength + commentLength
    guard end <= limit else { throw error("its list of files is cut off") }
    let bytes = data[data.startIndex + position + 46..<data.startIndex + extra]
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw error("a file's name is not UTF-8")
    }
    // Numbers too large for 32 bits stand in the zip64 field, in this order.
    var field = try zip64Field(extra..<extra + extraLength)
    func wide(_ value: Int) throws(CheckpointError) -> Int {
      guard value == 0xffff_ffff else { return value }
      guard field.count >= 8 else { throw error("'\(name)' lacks its zip64 sizes") }
      defer { field = field.lowerBound + 8..<field.upperBound }
      return try number(field.lowerBound, 8)
    }
    size = try wide(size)
    packed = try wide(packed)
    local = try wide(local)
    guard flags & 1 == 0 else { throw error("'\(name)' is encrypted") }
    guard method == 0, packed == size else {
      throw error("'\(name)' is compressed; torch.save stores files as they are")
    }
    guard try number(local, 4) == 0x0403_4b50 else {
      throw error("'\(name)' is not where the list of files says")
    }
    // The extra field of the local header pads the data to 64 bytes: not that of the list.
    let start = local + 30 + (try number(local + 26, 2)) + (try number(local + 28, 2))
    guard start <= data.count, size <= data.count - start else {
      throw error("'\(name)' is cut off")
    }
    return (name, start..<start + size, end)
  }

  /// The content of the zip64 extra field; empty if there is none.
  private func zip64Field(_ extra: Range<Int>) throws(CheckpointError) -> Range<Int> {
    var position = extra.lowerBound
    while position + 4 <= extra.upperBound {
      let (id, length) = (try number(position, 2), try number(position + 2, 2))
      let content = position + 4..<min(position + 4 + length, extra.upperBound)
      if id == 1 { return content }
      position += 4 + length
    }
    return extra.upperBound..<extra.upperBound
  }
}
