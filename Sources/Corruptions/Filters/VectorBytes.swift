/// Eight doubles as bytes, clipped to 0...255 and truncated, as `np.uint8(np.clip(v, 0, 255))`.
///
/// A conversion instruction per lane is many times slower: adding 2^52 leaves the rounded integer
/// in the low bits of the double, and the lanes that were rounded up are stepped back by one.
@inline(__always)
func truncatedBytes(_ values: SIMD8<Double>) -> SIMD8<UInt8> {
  let bias = SIMD8<Double>(repeating: 0x1p52)
  let zero = SIMD8<Double>.zero
  var clipped = values.replacing(with: zero, where: values .< zero)
  clipped.replace(
    with: SIMD8(repeating: 255), where: clipped .> SIMD8<Double>(repeating: 255))
  var biased = clipped + bias
  biased.replace(with: biased - SIMD8(repeating: 1), where: (biased - bias) .> clipped)
  let bytes = unsafe unsafeBitCast(biased, to: SIMD64<UInt8>.self)
  return bytes.evenHalf.evenHalf.evenHalf
}

/// One double as a byte, the same way; NaN becomes 0.
@inline(__always)
func truncatedByte(_ value: Double) -> UInt8 {
  let clipped = value > 0 ? (value < 255 ? value : 255) : 0
  let shifted = clipped + 0x1p52
  let above: UInt8 = shifted - 0x1p52 > clipped ? 1 : 0
  return UInt8(truncatingIfNeeded: shifted.bitPattern) &- above
}
