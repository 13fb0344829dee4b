internal import Inputs
public import TensorCore

/// The header of a safetensors file: which tensors it holds and where. Reading one makes every
/// check of the format's reference implementation, so that what comes out can be trusted.
///
/// The file is 8 bytes of little-endian header length N, N bytes of JSON, then the data.
public struct SafetensorsHeader: Sendable, Equatable {
  /// One tensor of the file.
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let type: StorageType
    public let shape: Shape
    /// Its bytes, counted from the first byte after the header.
    public let dataRange: Range<Int>
  }

  /// In the order of their data.
  public let entries: [Entry]
  /// The `__metadata__` of the file; empty if there is none.
  public let metadata: [String: String]
  /// Where the data begins in the file.
  public let dataOffset: Int

  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: its name, for error messages.
  public init(parsing bytes: Span<UInt8>, file: String) throws(CheckpointError) {
    let announced = (0..<min(8, bytes.count)).map { bytes[$0] }
    let length = try Self.length(announced, byteCount: bytes.count, file: file)
    let text = [UInt8](capacity: length) { output in
      for index in 8..<8 + length { output.append(bytes[index]) }
    }
    try self.init(text, byteCount: bytes.count, file: file)
  }

  /// Reads the header of a file, and nothing behind it.
  ///
  /// - Throws: also `unreadable`.
  init(of file: RandomAccessFile) throws(CheckpointError) {
    let length = try Self.length(
      try file.part(0..<min(8, file.count)), byteCount: file.count, file: file.path)
    try self.init(try file.part(8..<8 + length), byteCount: file.count, file: file.path)
  }

  /// - Parameter beginning: the first 8 bytes of the file, or as many as it has.
  private static func length(
    _ beginning: [UInt8], byteCount: Int, file: String
  ) throws(CheckpointError) -> Int {
    guard beginning.count == 8 else { throw .fileTooShort(file: file, byteCount: byteCount) }
    let announced = beginning.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard announced <= UInt64(Limit.headerBytes.value) else {
      throw .headerTooLarge(file: file, byteCount: announced)
    }
    let length = Int(announced)
    guard length <= byteCount - 8 else {
      throw .headerBeyondFile(file: file, byteCount: length, available: byteCount - 8)
    }
    return length
  }

  /// - Parameters:
  ///   - text: the JSON.
  ///   - byteCount: of the whole file.
  private init(_ text: [UInt8], byteCount: Int, file: String) throws(CheckpointError) {
    guard String(validating: text, as: UTF8.self) != nil else { throw .headerNotUTF8(file: file) }
    guard text.first == UInt8(ascii: "{") else { throw .headerStart(file: file) }
    let (tensors, metadata) = try Self.members(of: text, file: file)
    entries = try Self.validated(tensors, dataCount: byteCount - 8 - text.count, file: file)
    self.metadata = metadata
    dataOffset = 8 + text.count
  }

  private static func members(
    of text: [UInt8], file: String
  ) throws(CheckpointError) -> ([Entry], [String: String]) {
    let root: HeaderJSON
    do throws(HeaderJSON.SyntaxError) {
      root = try HeaderJSON.parse(text)
    } catch {
      throw .headerNotJSON(file: file, offset: error.offset, reason: error.reason)
    }
    guard case .object(let members) = root else { throw .headerStart(file: file) }
    var seen: Set<String> = []
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for (name, value) in members {
      guard seen.insert(name).inserted else { throw .duplicateName(file: file, name: name) }
      if name == "__metadata__" {
        metadata = try texts(of: value, file: file)
      } else {
        entries.append(try entry(name, value, file: file))
      }
    }
    return (entries, metadata)
  }

  private static func texts(
    of value: HeaderJSON, file: String
  ) throws(CheckpointError) -> [String: String] {
    guard case .object(let members) = value else {
      throw .metadataNotText(file: file, key: "__metadata__")
    }
    var texts: [String: String] = [:]
    for (key, value) in members {
      guard case .text(let text) = value else { throw .metadataNotText(file: file, key: key) }
      guard texts.updateValue(text, forKey: key) == nil else {
        throw .duplicateName(file: file, name: key)
      }
    }
    return texts
  }

  private static func entry(
    _ name: String, _ value: HeaderJSON, file: String
  ) throws(CheckpointError) -> Entry {
    func invalid(_ reason: String) -> CheckpointError {
      .invalidEntry(file: file, tensor: name, reason: reason)
    }
    guard case .object(let members) = value else { throw invalid("not a JSON object") }
    var fields: [String: HeaderJSON] = [:]
    for (key, field) in members {
      guard fields.updateValue(field, forKey: key) == nil else {
        throw invalid("has '\(key)' twice")
      }
    }
    guard case .text(let dtype)? = fields["dtype"] else { throw invalid("has no dtype") }
    guard let type = StorageType(rawValue: dtype) else {
      throw .unknownDType(file: file, tensor: name, dtype: dtype)
    }
    guard let shape = fields["shape"].flatMap(wholeNumbers) else {
      throw invalid("its shape is not a list of whole numbers")
    }
    guard let offsets = fields["data_offsets"].flatMap(wholeNumbers), offsets.count == 2 else {
      throw invalid("its data_offsets are not two whole numbers")
    }
    guard offsets[0] <= offsets[1] else {
      throw .reversedOffsets(file: file, tensor: name, begin: offsets[0], end: offsets[1])
    }
    let bytes = try byteCount(shape, type, name: name, file: file)
    guard bytes == offsets[1] - offsets[0] else {
      throw .sizeMismatch(
        file: file, tensor: name, expected: bytes, got: offsets[1] - offsets[0])
    }
    return Entry(
      name: name, type: type, shape: Shape(shape), dataRange: offsets[0]..<offsets[1])
  }

  /// The non-negative numbers of a list; nil if it is something else.
  private static func wholeNumbers(_ value: HeaderJSON) -> [Int]? {
    guard case .array(let elements) = value else { return nil }
    var numbers: [Int] = []
    for element in elements {
      guard case .number(let text) = element, let number = Int(text), number >= 0 else {
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  private static func byteCount(
    _ shape: [Int], _ type: StorageType, name: String, file: String
  ) throws(CheckpointError) -> Int {
    var bits = type.bitCount
    // In the reference's order too, a product that overflows before a 0 is refused.
    for extent in shape {
      let (product, overflow) = bits.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .sizeOverflow(file: file, tensor: name) }
      bits = product
    }
    guard bits % 8 == 0 else { throw .partialByte(file: file, tensor: name) }
    return bits / 8
  }

  /// The entries in the order of their data, which must follow one another without overlap or gap
  /// from the first byte to the last.
  private static func validated(
    _ entries: [Entry], dataCount: Int, file: String
  ) throws(CheckpointError) -> [Entry] {
    let sorted = entries.sorted {
      ($0.dataRange.lowerBound, $0.dataRange.upperBound)
        < ($1.dataRange.lowerBound, $1.dataRange.upperBound)
    }
    var end = 0
    for entry in sorted {
      let range = entry.dataRange
      guard range.upperBound <= dataCount else {
        throw .beyondFile(
          file: file, tensor: entry.name, end: range.upperBound, available: dataCount)
      }
      guard range.lowerBound >= end else {
        throw .overlap(
          file: file, tensor: entry.name, begin: range.lowerBound, previousEnd: end)
      }
      guard range.lowerBound == end else {
        throw .gap(file: file, tensor: entry.name, begin: range.lowerBound, previousEnd: end)
      }
      end = range.upperBound
    }
    guard end == dataCount else {
      throw .trailingBytes(file: file, covered: end, available: dataCount)
    }
    return sorted
  }
}
