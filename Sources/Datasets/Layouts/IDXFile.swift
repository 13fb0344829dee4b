internal import Archives

/// An IDX file of bytes, whose header is checked: `00 00 08 d`, then `d` sizes of 32 bits, the high
/// byte first, then the bytes.
struct IDXFile {
  let file: DataFile
  let sizes: [Int]
  var dataOffset: Int { 4 + 4 * sizes.count }

  /// - Parameter dimensions: how many there have to be.
  init(_ path: String, dimensions: Int) throws(DatasetError) {
    let headerCount = 4 + 4 * dimensions
    let packed = try DatasetError.archive { () throws(ArchiveError) in try DataFile(path) }
    let isCompressed = try Self.isCompressed(packed)
    let beginning = try DatasetError.archive { () throws(ArchiveError) in
      guard isCompressed else { return packed }
      return try DataFile(
        decompressing: packed, 0..<packed.count, as: .gzip, limit: headerCount, stopsAtLimit: true)
    }
    guard beginning.count >= headerCount else {
      throw .malformed(
        path: path, place: "",
        problem: "is cut off inside its header: \(beginning.count) bytes of \(headerCount)")
    }
    let header = try DatasetError.archive { () throws(ArchiveError) in
      try beginning.bytes(0..<headerCount)
    }
    guard header[..<4] == [0, 0, 8, UInt8(dimensions)] else {
      let magic = header[..<4].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      throw .malformed(
        path: path, place: "bytes 0 to 3",
        problem: "begins with \(magic.joined(separator: " ")); 00 00 08 0\(dimensions) is expected "
          + "of an IDX file of \(dimensions == 3 ? "images" : "labels"), bytes in "
          + (dimensions == 3 ? "3 dimensions" : "1 dimension"))
    }
    sizes = (0..<dimensions).map { index in
      header[(4 + 4 * index)..<(8 + 4 * index)].reduce(0) { $0 << 8 | Int($1) }
    }
    var total = headerCount
    var product = 1
    for size in sizes {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow, next <= Int.max - headerCount else {
        throw .malformed(path: path, place: "bytes 4 on", problem: "sizes beyond any file")
      }
      product = next
    }
    total += product
    if isCompressed {
      let limit = total
      file = try DatasetError.archive { () throws(ArchiveError) in
        try DataFile(decompressing: packed, 0..<packed.count, as: .gzip, limit: limit)
      }
    } else {
      file = packed
    }
    guard file.count == total else {
      throw .malformed(
        path: path, place: "",
        problem: "\(file.count < total ? "is cut off" : "goes on after its end"): the header "
          + "announces \(sizes.map(String.init).joined(separator: " x ")) bytes, \(total) with the "
          + "header; there are \(file.count)")
    }
  }

  private static func isCompressed(_ file: DataFile) throws(DatasetError) -> Bool {
    guard file.count >= 2 else { return false }
    return try DatasetError.archive { () throws(ArchiveError) in
      try file.bytes(0..<2) == [0x1f, 0x8b]
    }
  }
}
