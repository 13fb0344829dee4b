internal import CRandom

/// The standard normal quantile function of 32-bit uniforms by piecewise polynomials, several times
/// faster than `NormalDistribution.quantile`; within 1e-10 of it.
package struct NormalQuantileTable: Sendable {
  package static let shared = NormalQuantileTable()

  /// Each octave of probabilities below a half, from the largest, in `CR_PARTS` pieces.
  let pieces: [cr_piece]

  /// The quantile of the probability `(word + 0.5) / 2^32`.
  package func quantile(_ word: UInt32) -> Double {
    var value = 0.0
    unsafe cr_quantiles([word], 1, pieces, &value)
    return value
  }

  /// Interpolates the quantile function in five Chebyshev nodes of every piece.
  private init() {
    // cos((2 k + 1) pi / 10), k = 0...4
    let nodes = [
      0.9510565162951535, 0.5877852522924731, 0, -0.5877852522924731, -0.9510565162951535,
    ]
    .map { 0.5 + 0.5 * $0 }
    var pieces: [cr_piece] = []
    for octave in 0..<32 {
      for part in 0..<Int(CR_PARTS) {
        let scale = Double(sign: .plus, exponent: -octave - 2, significand: 1)
        var differences = nodes.map { node in
          NormalDistribution.quantile(scale * (1 + (Double(part) + node) / Double(CR_PARTS)))
        }
        for order in 1..<5 {
          for index in (order..<5).reversed() {
            differences[index] =
              (differences[index] - differences[index - 1])
              / (nodes[index] - nodes[index - order])
          }
        }
        // Newton's form, expanded from the innermost factor outwards.
        var powers = [differences[4], 0, 0, 0, 0]
        for index in (0..<4).reversed() {
          for power in (1..<5).reversed() {
            powers[power] = powers[power - 1] - nodes[index] * powers[power]
          }
          powers[0] = differences[index] - nodes[index] * powers[0]
        }
        pieces.append(
          cr_piece(c: (powers[0], powers[1], powers[2], powers[3], powers[4])))
      }
    }
    self.pieces = pieces
  }
}
