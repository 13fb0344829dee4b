internal import CProducts

/// The instruction sets that `MatMul` may use. All give the same bits; a processor takes the fastest
/// that it has.
public enum ProductInstructions: String, CaseIterable, Sendable {
  /// Vectors of 16 floats (x86-64 with AVX-512 F).
  case avx512
  /// Vectors of 8 floats (x86-64 with AVX2 and FMA).
  case avx2
  /// The compiler's baseline: NEON on 64-bit ARM; slow on x86-64, where it has no fused
  /// multiply-add.
  case portable

  /// Those of this processor, the fastest first.
  public static let available = allCases.filter { cp_is_available($0.code) }

  /// The fastest of this processor.
  public static let fastest = available[0]

  var code: cp_instructions {
    switch self {
    case .avx512: cp_avx512
    case .avx2: cp_avx2
    case .portable: cp_portable
    }
  }
}
