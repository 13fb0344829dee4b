import Kernels
import TensorCore

/// Normal draws, the same in every run.
func normals(_ count: Int, _ name: String) -> [Float] {
  var random = KeyedRandom(seed: 7, "kernels", name)
  return random.normals(count).map { Float($0) }
}

/// The lengths that leave every remainder behind eight lanes and four runs of them.
let raggedLengths = Array(1...33) + [40, 65, 96, 100]

/// The largest difference over the largest expected magnitude; infinite if counts differ or a value
/// is not finite.
func relativeError(_ got: [Float], _ expected: [Double]) -> Double {
  guard got.count == expected.count, got.allSatisfy(\.isFinite) else { return .infinity }
  let magnitude = expected.reduce(1e-30) { max($0, abs($1)) }
  return zip(got, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / magnitude
}

extension FloatBuffer {
  /// `count` floats that a kernel must overwrite.
  static func stale(_ count: Int) -> FloatBuffer {
    FloatBuffer(copying: [Float](repeating: .nan, count: count))
  }
}
