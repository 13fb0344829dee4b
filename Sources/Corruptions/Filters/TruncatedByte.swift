/// One double as a byte, clipped to 0...255 and truncated, as `np.uint8(np.clip(v, 0, 255))`; NaN
/// becomes 0.
///
/// A conversion instruction is many times slower where the compiler makes vectors: adding 2^52
/// leaves the rounded integer in the low bits of the double, which is stepped back if it is above.
@inline(__always)
func truncatedByte(_ value: Double) -> UInt8 {
  let clipped = value > 0 ? (value < 255 ? value : 255) : 0
  let shifted = clipped + 0x1p52
  let above: UInt8 = shifted - 0x1p52 > clipped ? 1 : 0
  return UInt8(truncatingIfNeeded: shifted.bitPattern) &- above
}
