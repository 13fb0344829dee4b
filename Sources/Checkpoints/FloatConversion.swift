internal import TensorCore

/// The conversions of `HalfPrecision` for whole arrays, without branches so that they vectorise.
enum FloatConversion {
  /// Elements per parallel piece; fixed, so that nothing depends on the number of threads.
  static let chunk = 1 << 16

  /// Reads `output.count` little-endian elements of `type` from `bytes`, at any alignment.
  static func decode(_ bytes: Span<UInt8>, as type: DType, into output: inout MutableSpan<Float>) {
    precondition(bytes.count == output.count * type.byteCount, "as many elements as values")
    unsafe bytes.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBufferPointer { output in
        switch type {
        case .float32: unsafe UnsafeMutableRawBufferPointer(output).copyMemory(from: source)
        case .float16: unsafe decodeFloat16(source, into: output)
        case .bfloat16: unsafe decodeBFloat16(source, into: output)
        }
      }
    }
  }

  /// The `count` little-endian elements of `type` in `bytes`.
  static func decode(_ bytes: [UInt8], as type: DType, count: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    var output = values.mutableSpan
    decode(bytes.span, as: type, into: &output)
    return values
  }

  private static func decodeFloat16(
    _ source: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
  ) {
    for index in 0..<output.count {
      let bits = unsafe UInt32(
        source.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self).littleEndian)
      let magnitude = bits & 0x7fff
      // A subnormal is its mantissa times 2^-24: put it below 0.5, whose last place is 2^-24.
      let subnormal = (Float(bitPattern: magnitude | 0x3f00_0000) - 0.5).bitPattern
      let bias: UInt32 = magnitude >= 0x7c00 ? 224 << 23 : 112 << 23
      let normal = magnitude << 13 &+ bias
      let absolute = magnitude < 0x400 ? subnormal : normal
      unsafe output[index] = Float(bitPattern: absolute | (bits & 0x8000) << 16)
    }
  }

  private static func decodeBFloat16(
    _ source: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
  ) {
    for index in 0..<output.count {
      let bits = unsafe source.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
      unsafe output[index] = Float(bitPattern: UInt32(bits.littleEndian) << 16)
    }
  }

  /// Appends `values` as little-endian elements of `type`.
  static func encode(_ values: Span<Float>, as type: DType, into output: inout [UInt8]) {
    switch type {
    case .float32:
      unsafe values.withUnsafeBytes { unsafe output.append(contentsOf: $0) }
    case .float16, .bfloat16:
      var bits = [UInt16](repeating: 0, count: values.count)
      unsafe values.withUnsafeBufferPointer { source in
        nonisolated(unsafe) let source = unsafe source
        Parallel.forEachRows(of: &bits, rowLength: 1, chunk: chunk) { range, span in
          for index in span.indices {
            let value = unsafe source[range.lowerBound + index]
            span[index] =
              (type == .float16
              ? HalfPrecision.float16Bits(value) : HalfPrecision.bfloat16Bits(value)).littleEndian
          }
        }
      }
      unsafe bits.withUnsafeBytes { unsafe output.append(contentsOf: $0) }
    }
  }
}
