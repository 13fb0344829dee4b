/// The floating-point storage types of checkpoints; MergeShift computes in `float32`.
public enum DType: String, Sendable, CaseIterable {
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"

  public var byteCount: Int { self == .float32 ? 4 : 2 }
}

/// Conversions between `Float` and the bit patterns of the 16-bit types, as IEEE 754 and PyTorch
/// define them: round to nearest, ties to even; NaN stays NaN.
public enum HalfPrecision {
  public static func float(fromFloat16 bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1f
    let mantissa = UInt32(bits & 0x3ff)
    switch exponent {
    case 0x1f: return Float(bitPattern: sign | 0x7f80_0000 | mantissa << 13)
    case 0:
      let magnitude = Float(mantissa) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | mantissa << 13)
    }
  }

  public static func float16Bits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
    let magnitude = bits & 0x7fff_ffff
    if magnitude > 0x7f80_0000 { return sign | 0x7e00 }  // NaN
    if magnitude >= 0x477f_f000 { return sign | 0x7c00 }  // rounds to infinity
    if magnitude < 0x3880_0000 {
      // Subnormal: adding 0.5 leaves round(|value| * 2^24) in the low bits, rounded by the FPU.
      let shifted = Float(bitPattern: magnitude) + 0.5
      return sign | UInt16(truncatingIfNeeded: shifted.bitPattern &- 0x3f00_0000)
    }
    let odd = (magnitude >> 13) & 1
    let rounded = magnitude &+ 0xfff &+ odd &- (112 << 23)
    return sign | UInt16(truncatingIfNeeded: rounded >> 13)
  }

  public static func float(fromBFloat16 bits: UInt16) -> Float {
    Float(bitPattern: UInt32(bits) << 16)
  }

  public static func bfloat16Bits(_ value: Float) -> UInt16 {
    if value.isNaN { return UInt16(truncatingIfNeeded: value.bitPattern >> 16) | 0x40 }
    let bits = value.bitPattern
    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
  }
}
