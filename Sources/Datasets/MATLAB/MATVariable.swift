internal import Archives

/// A variable of a MATLAB file, whose value is still on disk.
struct MATVariable {
  private let file: DataFile
  /// Where its content lies in `file`, without the tag.
  private let range: Range<Int>
  private let header: MATHeader
  /// Where its value begins.
  private let valueOffset: Int

  var name: String { header.name }
  var dimensions: [Int] { header.dimensions }

  /// More than flags, shape and name take.
  private static let headerLimit = 4096

  /// - Parameters:
  ///   - tag: of an array, read from `file`.
  ///   - place: for messages.
  init(_ file: DataFile, _ tag: MATTag, at place: String) throws(DatasetError) {
    guard tag.type == .matrix, tag.count <= file.count - tag.dataOffset else {
      throw .malformed(
        path: file.path, place: place,
        problem: "holds an element of type \(tag.type.rawValue) and \(tag.count) bytes where a "
          + "variable of the bytes that are there is expected")
    }
    self.file = file
    range = tag.dataOffset..<tag.dataOffset + tag.count
    let start = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.headerLimit)
    let beginning = try DatasetError.archive { () throws(ArchiveError) in try file.bytes(start) }
    var reader = MATReader(beginning, path: file.path, variable: "?")
    header = try reader.header()
    valueOffset = range.lowerBound + reader.position
  }

  /// The whole value, in memory.
  func value() throws(DatasetError) -> MATValue {
    let (file, range) = (file, range)
    let bytes = try DatasetError.archive { () throws(ArchiveError) in try file.bytes(range) }
    var reader = MATReader(bytes, path: file.path, variable: name)
    let header = try reader.header()
    return try reader.value(header)
  }

  /// Where the bytes of an array of them lie, column by column, without reading them.
  func byteRange() throws(DatasetError) -> (file: DataFile, range: Range<Int>) {
    func failure(_ problem: String) -> DatasetError {
      .malformed(path: file.path, place: "variable '\(name)'", problem: problem)
    }
    guard header.isBytes, !header.isComplex else {
      throw failure("is of class \(header.code); an array of class 9 (uint8) is expected")
    }
    let tag = try MATTag(file, at: valueOffset)
    guard tag.type == .uint8, tag.count == header.count else {
      throw failure(
        "has \(tag.count) bytes where its shape, \(header.dimensions), needs \(header.count)")
    }
    guard tag.dataOffset + tag.count <= range.upperBound else {
      throw failure("is cut off inside its \(tag.count) bytes")
    }
    return (file, tag.dataOffset..<tag.dataOffset + tag.count)
  }
}
