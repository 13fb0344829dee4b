/// Reads the parts of a variable from bytes in memory, one after another.
struct MATReader {
  private let bytes: [UInt8]
  private let path: String
  private let variable: String
  private(set) var position: Int
  /// Where the data ends.
  private let end: Int

  /// Cells in cells deeper than that are a damaged file.
  private static let depthLimit = 16
  /// Of an array; the format has no bound.
  private static let dimensionLimit = 32

  /// - Parameters:
  ///   - bytes: the content of a variable, without its tag.
  ///   - variable: its name, for messages.
  init(_ bytes: [UInt8], path: String, variable: String) {
    self.bytes = bytes
    self.path = path
    self.variable = variable
    position = 0
    end = bytes.count
  }

  func failure(_ problem: String) -> DatasetError {
    .malformed(path: path, place: "variable '\(variable)', byte \(position)", problem: problem)
  }

  /// The next element's tag; the position stays before it.
  func tag() throws(DatasetError) -> MATTag {
    guard end - position >= 8 else { throw failure("is cut off inside an element's tag") }
    return try MATTag(
      bytes[position..<position + 8], offset: position, path: path,
      place: "variable '\(variable)', byte \(position)")
  }

  /// The next element.
  mutating func element() throws(DatasetError) -> (type: MATElementType, data: ArraySlice<UInt8>) {
    let tag = try tag()
    guard tag.count <= end - tag.dataOffset else {
      throw failure(
        "is cut off: an element of \(tag.count) bytes where \(end - tag.dataOffset) are")
    }
    position = min(tag.end, end)
    return (tag.type, bytes[tag.dataOffset..<tag.dataOffset + tag.count])
  }

  /// The beginning of a variable: what it is, its shape and its name.
  mutating func header() throws(DatasetError) -> MATHeader {
    let flags = try element()
    guard flags.type == .uint32, flags.data.count == 8 else {
      throw failure("does not begin with the flags of an array")
    }
    let (code, bits) = (
      Int(flags.data[flags.data.startIndex]), flags.data[flags.data.startIndex + 1]
    )
    let shape = try element()
    let sizes = try numbers(shape.type, shape.data)
    guard shape.type == .int32, (2...Self.dimensionLimit).contains(sizes.count) else {
      throw failure("has \(sizes.count) dimensions; 2 to \(Self.dimensionLimit) are read")
    }
    var dimensions: [Int] = []
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(size))
      guard size >= 0, !overflow else { throw failure("has a shape that can't be: \(sizes)") }
      dimensions.append(Int(size))
      count = product
    }
    let name = try element()
    return MATHeader(
      code: code, isComplex: bits & 8 != 0, dimensions: dimensions, count: count,
      name: String(decoding: name.data, as: UTF8.self))
  }

  /// The value that follows a header.
  mutating func value(_ header: MATHeader, depth: Int = 0) throws(DatasetError) -> MATValue {
    guard depth < Self.depthLimit else { throw failure("holds cells in cells without end") }
    switch header.kind {
    case .numbers:
      guard !header.isComplex else { throw failure("holds complex numbers, which are not read") }
      let (type, data) = try element()
      let numbers = try numbers(type, data)
      guard numbers.count == header.count else {
        throw failure("has \(numbers.count) numbers where its shape has \(header.count)")
      }
      return .numbers(numbers)
    case .text:
      if header.count == 0 { return .text("") }
      let (type, data) = try element()
      return .text(try text(type, data))
    case .cells: return .cells(try values(header.count, depth: depth))
    case .structs:
      let width = try element()
      let names = try element()
      guard let number = try numbers(width.type, width.data).first,
        let length = Int(exactly: number), length > 0, names.data.count % length == 0
      else {
        throw failure("has names of fields of a length that can't be")
      }
      let fields = stride(from: names.data.startIndex, to: names.data.endIndex, by: length).map {
        String(decoding: names.data[$0..<$0 + length].prefix { $0 != 0 }, as: UTF8.self)
      }
      let (total, overflow) = header.count.multipliedReportingOverflow(by: fields.count)
      guard !overflow else { throw failure("has a shape that can't be: \(header.dimensions)") }
      return .structs(fields: fields, values: try values(total, depth: depth))
    case nil:
      throw failure(
        "is an array of class \(header.code); numbers, texts, cells and structs are read")
    }
  }

  private mutating func values(_ count: Int, depth: Int) throws(DatasetError) -> [MATValue] {
    // Each takes a tag at least: no room is made for what can't be there.
    guard count <= (end - position) / 8 else {
      throw failure("is cut off: \(count) values are announced in \(end - position) bytes")
    }
    var values: [MATValue] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      let tag = try tag()
      guard tag.type == .matrix, tag.count <= end - tag.dataOffset else {
        throw failure("is cut off or damaged: an array is expected")
      }
      position = tag.dataOffset
      if tag.count == 0 {
        values.append(.numbers([]))
        continue
      }
      let header = try header()
      values.append(try value(header, depth: depth + 1))
      position = min(tag.dataOffset + tag.count, end)
    }
    return values
  }

  private func numbers(
    _ type: MATElementType, _ data: ArraySlice<UInt8>
  ) throws(DatasetError) -> [Double] {
    let width = type.width
    guard width > 0, data.count % width == 0 else { throw failure("holds no row of numbers") }
    return stride(from: data.startIndex, to: data.endIndex, by: width).map { start in
      let bits = (0..<width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(data[start + $1]) }
      return switch type {
      case .int8: Double(Int8(truncatingIfNeeded: bits))
      case .int16: Double(Int16(truncatingIfNeeded: bits))
      case .int32: Double(Int32(truncatingIfNeeded: bits))
      case .int64: Double(Int64(truncatingIfNeeded: bits))
      case .single: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      case .double: Double(bitPattern: bits)
      default: Double(bits)
      }
    }
  }

  private func text(
    _ type: MATElementType, _ data: ArraySlice<UInt8>
  ) throws(DatasetError) -> String {
    switch type {
    case .utf8, .int8, .uint8: return String(decoding: data, as: UTF8.self)
    case .utf16, .uint16:
      let units = try numbers(.uint16, data).map { UInt16($0) }
      return String(decoding: units, as: UTF16.self)
    default: throw failure("holds a text of type \(type.rawValue), which is not read")
    }
  }
}

/// What stands before the value of a variable, or of a value inside one.
struct MATHeader {
  /// MATLAB's class.
  let code: Int
  let isComplex: Bool
  let dimensions: [Int]
  /// The product of the dimensions.
  let count: Int
  /// Empty inside another variable.
  let name: String

  enum Kind {
    case numbers, text, cells, structs
  }

  /// Nil for sparse arrays, objects and functions.
  var kind: Kind? {
    switch code {
    case 1: .cells
    case 2: .structs
    case 4: .text
    case 6...15: .numbers
    default: nil
    }
  }

  /// Whether it is an array of unsigned bytes.
  var isBytes: Bool { code == 9 }
}

/// What a variable holds, column by column.
enum MATValue {
  case numbers([Double])
  case text(String)
  case cells([MATValue])
  /// One after another, each with its fields in order.
  case structs(fields: [String], values: [MATValue])

  /// Nil if it is none.
  var text: String? { if case .text(let text) = self { text } else { nil } }

  /// Nil if it is not one whole number.
  var integer: Int? {
    guard case .numbers(let numbers) = self, numbers.count == 1 else { return nil }
    return Int(exactly: numbers[0])
  }
}
