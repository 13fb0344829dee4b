import TensorCore
import Testing

@Suite("Half precision")
struct DTypeTests {
  private static let rounded: [(Float, UInt16)] = [
    (1, 0x3c00), (65504, 0x7bff), (65519.9, 0x7bff), (65520, 0x7c00), (6.1e-5, 0x3ff),
    (5.96e-8, 1), (2.98e-8, 0), (2.9802326e-8, 1), (1e-7, 2), (0.1, 0x2e66), (-0.3333, 0xb555),
    (3.14159, 0x4248), (2049, 0x6800), (2051, 0x6802), (-Float.infinity, 0xfc00),
  ]

  @Test("Floats round to float16 as NumPy rounds them", arguments: rounded)
  func rounding(value: Float, bits: UInt16) {
    #expect(HalfPrecision.float16Bits(value) == bits)
  }

  @Test("Every finite float16 and bfloat16 survives the way to Float and back")
  func roundTrip() {
    for bits in UInt16.min...UInt16.max {
      let half = HalfPrecision.float(fromFloat16: bits)
      if half.isFinite { #expect(HalfPrecision.float16Bits(half) == bits) }
      let brain = HalfPrecision.float(fromBFloat16: bits)
      if brain.isFinite { #expect(HalfPrecision.bfloat16Bits(brain) == bits) }
    }
  }

  @Test("NaN stays NaN, bfloat16 rounds ties to even")
  func edges() {
    #expect(HalfPrecision.float(fromFloat16: HalfPrecision.float16Bits(.nan)).isNaN)
    #expect(HalfPrecision.float(fromBFloat16: HalfPrecision.bfloat16Bits(.nan)).isNaN)
    #expect(HalfPrecision.bfloat16Bits(Float(bitPattern: 0x3f80_8000)) == 0x3f80)
    #expect(HalfPrecision.bfloat16Bits(Float(bitPattern: 0x3f81_8000)) == 0x3f82)
  }
}
