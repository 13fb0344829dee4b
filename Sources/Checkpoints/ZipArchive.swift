internal import Inputs

/// A zip archive whose files are stored without compression, as `torch.save` writes it
/// (PKWARE APPNOTE 6.3; zip64 too): where the bytes of each file lie.
struct ZipArchive: Sendable {
  let file: RandomAccessFile
  /// By name, the place of each file's bytes in `file`.
  let files: [String: Range<Int>]

  /// - Throws: `invalidArchive`, `unreadable`.
  init(_ file: RandomAccessFile) throws(CheckpointError) {
    var reader = ZipReader(file)
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
    self.file = file
    self.files = files
  }
}

private struct ZipReader {
  private let file: RandomAccessFile
  /// A piece of the file, so that not every number is read from disk.
  private var window: (start: Int, bytes: [UInt8]) = (0, [])
  private static let windowLength = 4096

  init(_ file: RandomAccessFile) {
    self.file = file
  }

  /// Where the list of files lies, and how many it has.
  typealias Directory = (offset: Int, end: Int, count: Int)

  func error(_ reason: String) -> CheckpointError {
    .invalidArchive(file: file.path, reason: reason)
  }

  /// The bytes at `range`, which has to lie inside the file.
  private mutating func bytes(_ range: Range<Int>) throws(CheckpointError) -> ArraySlice<UInt8> {
    if range.lowerBound < window.start || range.upperBound > window.start + window.bytes.count {
      let start = range.lowerBound / Self.windowLength * Self.windowLength
      let end = min(file.count, max(range.upperBound, start + Self.windowLength))
      window = (start, try file.part(start..<end))
    }
    return window.bytes[range.lowerBound - window.start..<range.upperBound - window.start]
  }

  /// The little-endian number of `count` bytes at `offset`.
  mutating func number(_ offset: Int, _ count: Int) throws(CheckpointError) -> Int {
    guard offset >= 0, offset <= file.count - count else {
      throw error("it is cut off at byte \(file.count)")
    }
    let digits = try bytes(offset..<offset + count)
    let value = digits.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let value = Int(exactly: value) else { throw error("a size beyond any file") }
    return value
  }

  mutating func directory() throws(CheckpointError) -> Directory {
    guard file.count >= 4, try number(0, 4) == 0x0403_4b50 else {
      throw error(
        "it is no zip archive; files of PyTorch before 1.6 are not read, load and save it anew")
    }
    // The end record is 22 bytes and a comment of at most 65535.
    var end = file.count - 22
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
    guard offset <= file.count, size <= file.count - offset, count <= size / 46 else {
      throw error("its list of files lies outside of it (cut off?)")
    }
    return (offset, offset + size, count)
  }

  typealias Record = (name: String, data: Range<Int>, end: Int)

  /// The entry of the list of files at `position`.
  mutating func record(at position: Int, limit: Int) throws(CheckpointError) -> Record {
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
    guard let name = String(validating: try bytes(position + 46..<extra), as: UTF8.self) else {
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
    guard start <= file.count, size <= file.count - start else {
      throw error("'\(name)' is cut off")
    }
    return (name, start..<start + size, end)
  }

  /// The content of the zip64 extra field; empty if there is none.
  private mutating func zip64Field(_ extra: Range<Int>) throws(CheckpointError) -> Range<Int> {
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
