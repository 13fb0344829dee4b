internal import Inputs
internal import TensorCore

/// Files of tensors, whose errors are checkpoints'.
extension RandomAccessFile {
  convenience init(checkpoint path: String) throws(CheckpointError) {
    do {
      try self.init(path)
    } catch {
      throw .unreadable(file: path, reason: "\(error)")
    }
  }

  /// The bytes at the offsets `range`.
  ///
  /// - Throws: `unreadable`.
  func part(_ range: Range<Int>) throws(CheckpointError) -> [UInt8] {
    do {
      return try bytes(range)
    } catch {
      throw .unreadable(file: path, reason: "\(error)")
    }
  }

  /// The elements of `type` in the bytes `range`, read and converted piece by piece on all threads.
  ///
  /// - Throws: `unreadable`.
  func floats(_ range: Range<Int>, as type: DType) throws(CheckpointError) -> [Float] {
    precondition(range.count % type.byteCount == 0, "whole elements")
    var values = [Float](repeating: 0, count: range.count / type.byteCount)
    let failure = Locked<InputError?>(nil)
    Parallel.forEachRows(of: &values, rowLength: 1, chunk: FloatConversion.chunk) {
      elements, output in
      let start = range.lowerBound + elements.lowerBound * type.byteCount
      do throws(InputError) {
        let part = try bytes(start..<start + elements.count * type.byteCount)
        FloatConversion.decode(part.span, as: type, into: &output)
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let failure = failure.withLock({ $0 }) {
      throw .unreadable(file: path, reason: "\(failure)")
    }
    return values
  }
}
