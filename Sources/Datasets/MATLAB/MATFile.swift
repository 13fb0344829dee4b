internal import Archives

/// A MATLAB file of level 5 (the format of `save` up to `-v7`, "MAT-File Format", MathWorks): its
/// variables' names, shapes and places. Compressed variables are decompressed to temporary files;
/// values are read when asked for.
///
/// Read are numbers, texts, cells and structs in the byte order of PCs; what else there is is
/// refused, and so is level 7.3, which is HDF5.
struct MATFile {
  let path: String
  let variables: [MATVariable]

  init(_ path: String) throws(DatasetError) {
    self.path = path
    let file = try DatasetError.archive { () throws(ArchiveError) in try DataFile(path) }
    try Self.checkHeader(file)
    var variables: [MATVariable] = []
    var position = 128
    while position < file.count {
      let tag = try MATTag(file, at: position)
      guard tag.count <= file.count - tag.dataOffset else {
        throw .malformed(
          path: path, place: "byte \(position)",
          problem: "is cut off: a variable of \(tag.count) bytes goes beyond the file's end")
      }
      let range = tag.dataOffset..<tag.dataOffset + tag.count
      switch tag.type {
      case .compressed:
        let content = try Self.decompressed(file, range)
        let inner = try MATTag(content, at: 0)
        variables.append(try MATVariable(content, inner, at: "byte \(position)"))
      case .matrix: variables.append(try MATVariable(file, tag, at: "byte \(position)"))
      default:
        throw .malformed(
          path: path, place: "byte \(position)",
          problem: "holds an element of type \(tag.type.rawValue) where a variable is expected")
      }
      position = range.upperBound
    }
    self.variables = variables
  }

  /// The variable called `name`.
  func variable(_ name: String) throws(DatasetError) -> MATVariable {
    guard let found = variables.first(where: { $0.name == name }) else {
      let names = variables.map(\.name).filter { !$0.isEmpty }.joined(separator: ", ")
      throw .malformed(
        path: path, place: "", problem: "has no variable '\(name)'; it has \(names)")
    }
    return found
  }

  private static func checkHeader(_ file: DataFile) throws(DatasetError) {
    let header = try DatasetError.archive { () throws(ArchiveError) in
      try file.bytes(0..<min(128, file.count))
    }
    let begins = String(decoding: header.prefix(19), as: UTF8.self)
    if begins.hasPrefix("MATLAB 7.3") {
      throw .malformed(
        path: file.path, place: "",
        problem: "is a MATLAB file of level 7.3 (HDF5); level 5 is expected, as save -v7 writes it")
    }
    guard header.count == 128, begins.hasPrefix("MATLAB 5.0 MAT-file"), header[125] == 1 else {
      throw .malformed(
        path: file.path, place: "",
        problem: "is no MATLAB file of level 5: it does not begin with 'MATLAB 5.0 MAT-file' and a "
          + "header of 128 bytes")
    }
    guard header[126] == UInt8(ascii: "I"), header[127] == UInt8(ascii: "M") else {
      throw .malformed(
        path: file.path, place: "bytes 126 and 127",
        problem: "is not in the byte order of PCs (IM), the only one that is read")
    }
  }

  private static func decompressed(
    _ file: DataFile, _ range: Range<Int>
  ) throws(DatasetError) -> DataFile {
    let beginning = try DatasetError.archive { () throws(ArchiveError) in
      try DataFile(decompressing: file, range, as: .zlib, limit: 8, stopsAtLimit: true)
    }
    let limit = 8 + (try MATTag(beginning, at: 0).count)
    let content = try DatasetError.archive { () throws(ArchiveError) in
      try DataFile(decompressing: file, range, as: .zlib, limit: limit)
    }
    guard content.count == limit else {
      throw .malformed(
        path: file.path, place: "byte \(range.lowerBound)",
        problem: "a compressed variable has \(content.count) bytes where it announces \(limit)")
    }
    return content
  }
}

/// The kinds of elements of which a file is made.
enum MATElementType: Int {
  case int8 = 1
  case uint8 = 2
  case int16 = 3
  case uint16 = 4
  case int32 = 5
  case uint32 = 6
  case single = 7
  case double = 9
  case int64 = 12
  case uint64 = 13
  case matrix = 14
  case compressed = 15
  case utf8 = 16
  case utf16 = 17
  case utf32 = 18

  /// Bytes of one number or character; 0 of what is no row of them.
  var width: Int {
    switch self {
    case .int8, .uint8, .utf8: 1
    case .int16, .uint16, .utf16: 2
    case .int32, .uint32, .single, .utf32: 4
    case .double, .int64, .uint64: 8
    case .matrix, .compressed: 0
    }
  }
}

/// What stands before the data of an element: 8 bytes, or 4 with the data in the other 4.
struct MATTag {
  let type: MATElementType
  /// Bytes of data.
  let count: Int
  /// From the beginning of what the tag was read from.
  let dataOffset: Int
  /// Where the next element of a variable begins: data is filled up to 8 bytes.
  let end: Int

  init(_ file: DataFile, at offset: Int) throws(DatasetError) {
    guard file.count - offset >= 8 else {
      throw .malformed(
        path: file.path, place: "byte \(offset)", problem: "is cut off inside a variable's tag")
    }
    let bytes = try DatasetError.archive { () throws(ArchiveError) in
      try file.bytes(offset..<offset + 8)
    }
    try self.init(bytes[...], offset: offset, path: file.path, place: "byte \(offset)")
  }

  /// - Parameters:
  ///   - bytes: at least 8, of which the first are the tag.
  ///   - offset: where they lie.
  init(_ bytes: ArraySlice<UInt8>, offset: Int, path: String, place: String) throws(DatasetError) {
    let start = bytes.startIndex
    func number(_ range: Range<Int>) -> Int {
      range.reversed().reduce(0) { $0 << 8 | Int(bytes[start + $1]) }
    }
    let isSmall = number(2..<4) != 0
    let code = number(0..<(isSmall ? 2 : 4))
    guard let type = MATElementType(rawValue: code) else {
      throw .malformed(
        path: path, place: place, problem: "holds an element of unknown type \(code)")
    }
    self.type = type
    count = isSmall ? number(2..<4) : number(4..<8)
    dataOffset = offset + (isSmall ? 4 : 8)
    guard !isSmall || count <= 4 else {
      throw .malformed(path: path, place: place, problem: "a small element of \(count) bytes")
    }
    end = isSmall ? offset + 8 : dataOffset + (count + 7) / 8 * 8
  }
}
