internal import TensorCore

/// Floats kept as bfloat16, two to a word of 32 bits: the upper half of their bits, rounded to
/// nearest, ties to even. Words travel as `Float`s, with which nobody calculates.
package enum BFloat16 {
  /// Words that `count` floats take.
  package static func wordCount(of count: Int) -> Int { (count + 1) / 2 }

  /// Rounds `values`; an odd count leaves half a word that is zero.
  package static func pack(_ values: FloatView, into words: MutableFloatView) {
    precondition(words.count == wordCount(of: values.count), "a word for two floats")
    guard values.count > 0 else { return }
    unsafe words.start.withMemoryRebound(to: UInt16.self, capacity: 2 * words.count) { halves in
      for index in 0..<values.count {
        unsafe halves[index] = HalfPrecision.bfloat16Bits(values.start[index])
      }
      if values.count < 2 * words.count { unsafe halves[values.count] = 0 }
    }
  }

  /// The floats from number `offset` on, as many as `values` has room for.
  package static func unpack(_ words: FloatView, from offset: Int, into values: MutableFloatView) {
    precondition(offset >= 0 && offset + values.count <= 2 * words.count, "floats of these words")
    guard values.count > 0 else { return }
    unsafe words.start.withMemoryRebound(to: UInt16.self, capacity: 2 * words.count) { halves in
      let halves = unsafe halves + offset
      for index in 0..<values.count {
        unsafe values.start[index] = Float(bitPattern: UInt32(halves[index]) << 16)
      }
    }
  }
}
