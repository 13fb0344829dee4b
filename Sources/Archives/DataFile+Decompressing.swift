internal import CZLib
internal import Foundation
internal import Inputs
internal import TensorCore

extension DataFile {
  public enum Compression: Sendable {
    /// RFC 1952, as `gzip` writes it.
    case gzip
    /// RFC 1950, as in MATLAB's files.
    case zlib
  }

  /// Decompresses part of a file, once, to a temporary file.
  ///
  /// - Parameters:
  ///   - range: where the compressed bytes lie in `source`.
  ///   - limit: the most bytes that come out: a file that says less than it holds fills no disk.
  ///   - stopsAtLimit: whether more than that is left out; else it is an error.
  public convenience init(
    decompressing source: DataFile, _ range: Range<Int>, as compression: Compression, limit: Int,
    stopsAtLimit: Bool = false
  ) throws(ArchiveError) {
    let most = Limit.decompressedBytes.value
    guard limit <= most || stopsAtLimit else {
      throw .damagedCompression(
        path: source.path,
        reason:
          "it announces \(limit) bytes, the limit \(Limit.decompressedBytes.rawValue) is \(most)")
    }
    let temporary = try Self.keeping { () throws(UnnamedFile.Failure) in try UnnamedFile("data") }
    var inflation = try Inflation(source, range, compression)
    let count = try inflation.run(into: temporary, limit: limit, stopsAtLimit: stopsAtLimit)
    self.init(path: source.path, temporary: temporary, count: count)
  }

  fileprivate static func keeping<Value>(
    _ work: () throws(UnnamedFile.Failure) -> Value
  ) throws(ArchiveError) -> Value {
    do {
      return try work()
    } catch {
      throw .unwritable(
        path: error.folder, reason: "\(error.reason); set TMPDIR to a folder with more room")
    }
  }
}

/// One run of zlib over a part of a file.
@safe private struct Inflation: ~Copyable {
  private let source: DataFile
  private let compression: DataFile.Compression
  private var remaining: Range<Int>
  /// zlib keeps the address.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
  private let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)

  init(
    _ source: DataFile, _ range: Range<Int>, _ compression: DataFile.Compression
  ) throws(ArchiveError) {
    self.source = source
    self.compression = compression
    remaining = range
    let windowBits: Int32 = compression == .gzip ? 15 + 16 : 15
    unsafe stream.initialize(to: z_stream())
    let status = unsafe inflateInit2_(
      stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw failure("zlib can't start") }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe input.deallocate()
    unsafe output.deallocate()
  }

  private func failure(_ reason: String) -> ArchiveError {
    .damagedCompression(path: source.path, reason: reason)
  }

  /// - Returns: how many bytes came out.
  mutating func run(
    into file: UnnamedFile, limit: Int, stopsAtLimit: Bool
  ) throws(ArchiveError) -> Int {
    var count = 0
    while true {
      if unsafe stream.pointee.avail_in == 0 { try fill() }
      unsafe stream.pointee.next_out = output.baseAddress
      unsafe stream.pointee.avail_out = UInt32(output.count)
      let hadInput = unsafe stream.pointee.avail_in > 0
      let status = unsafe inflate(stream, Z_NO_FLUSH)
      let made = unsafe output.count - Int(stream.pointee.avail_out)
      let wanted = min(made, limit - count)
      try DataFile.keeping { () throws(UnnamedFile.Failure) in
        try unsafe file.write(
          UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<wanted]), at: count)
      }
      count += wanted
      if made > wanted || (stopsAtLimit && count == limit) {
        guard stopsAtLimit else {
          throw failure("it holds more than the \(limit) bytes it announces")
        }
        return count
      }
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        guard try startsAnotherMember() else { return count }
      case Z_BUF_ERROR where !hadInput: throw failure("it is cut off")
      case Z_BUF_ERROR: continue
      default:
        let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
        throw failure(message ?? "error \(status) of zlib")
      }
    }
  }

  private mutating func fill() throws(ArchiveError) {
    let count = unsafe min(input.count, remaining.count)
    let bytes = try source.bytes(remaining.lowerBound..<remaining.lowerBound + count)
    _ = unsafe input.update(fromContentsOf: bytes)
    remaining = remaining.lowerBound + count..<remaining.upperBound
    unsafe stream.pointee.next_in = input.baseAddress
    unsafe stream.pointee.avail_in = UInt32(count)
  }

  /// A gzip file may hold several streams, one after another; zeros at its end are padding.
  private mutating func startsAnotherMember() throws(ArchiveError) -> Bool {
    guard compression == .gzip else { return false }
    while true {
      if unsafe stream.pointee.avail_in == 0 { try fill() }
      guard unsafe stream.pointee.avail_in > 0 else { return false }
      if unsafe stream.pointee.next_in.pointee == 0 {
        unsafe stream.pointee.next_in += 1
        unsafe stream.pointee.avail_in -= 1
        continue
      }
      guard unsafe inflateReset(stream) == Z_OK else { throw failure("zlib can't go on") }
      return true
    }
  }
}
