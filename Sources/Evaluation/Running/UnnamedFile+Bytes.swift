internal import TensorCore

/// Bytes in a temporary file, as arrays.
extension UnnamedFile {
  func write(_ bytes: [UInt8], at offset: Int) throws(Failure) {
    let outcome = unsafe bytes.withUnsafeBytes { buffer -> Failure? in
      do throws(Failure) {
        try unsafe write(buffer, at: offset)
        return nil
      } catch {
        return error
      }
    }
    if let outcome { throw outcome }
  }

  /// The bytes of `range`, all of which were written. A disk that does not give them back ends the
  /// process.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(Failure) {
        let bytes = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
        try unsafe read(into: bytes, at: range.lowerBound)
        count = range.count
      } catch {
        preconditionFailure("the temporary file of prepared images in \(folder) can be read")
      }
    }
  }
}
