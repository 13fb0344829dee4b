import Foundation
import Kernels
import Testing

@Suite("Attention")
struct AttentionTests {
  /// One image after another, one head after another, as the formula says.
  private static func context(
    _ shape: Attention, _ images: Int, _ q: [Double], _ k: [Double], _ v: [Double]
  ) -> [Double] {
    let width = shape.headCount * shape.headWidth
    var result = [Double](repeating: 0, count: images * shape.queryCount * width)
    for image in 0..<images {
      for head in 0..<shape.headCount {
        for query in 0..<shape.queryCount {
          let row = (image * shape.queryCount + query) * width + head * shape.headWidth
          let keys = (0..<(shape.isCausal ? query + 1 : shape.tokenCount)).map {
            (image * shape.tokenCount + $0) * width + head * shape.headWidth
          }
          let scores = keys.map { key in
            (0..<shape.headWidth).reduce(0) { $0 + q[row + $1] * k[key + $1] }
              / Double(shape.headWidth).squareRoot()
          }
          let powers = scores.map { exp($0) }
          for (key, power) in zip(keys, powers) {
            for i in 0..<shape.headWidth {
              result[row + i] += power / powers.reduce(0, +) * v[key + i]
            }
          }
        }
      }
    }
    return result
  }

  enum Kind: CaseIterable { case allAsk, oneAsks, causal }

  @Test(
    "Forward and backward, all tokens asking or one, or each those before it",
    arguments: [1, 2, 5, 9], Kind.allCases)
  func gradient(tokenCount: Int, kind: Kind) {
    let shape = Attention(
      headCount: 2, headWidth: 3, tokenCount: tokenCount,
      queryCount: kind == .oneAsks ? 1 : tokenCount, isCausal: kind == .causal)
    let images = 2
    let (queryCount, keyCount) = (images * shape.queryCount * 6, images * tokenCount * 6)
    let (q, k, v) = (normals(queryCount, "q"), normals(keyCount, "k"), normals(keyCount, "v"))
    let dContext = normals(queryCount, "dc")
    let (qBuffer, kBuffer, vBuffer) = (
      FloatBuffer(copying: q), FloatBuffer(copying: k), FloatBuffer(copying: v)
    )
    let probabilities = FloatBuffer.stale(images * shape.probabilityCount)
    let context = FloatBuffer.stale(queryCount)
    shape.forward(
      queries: qBuffer.readOnly, keys: kBuffer.readOnly, values: vBuffer.readOnly,
      imageCount: images, probabilities: probabilities.view, context: context.view)
    let wide = [q, k, v].map { $0.map { Double($0) } }
    #expect(
      relativeError(context.values, Self.context(shape, images, wide[0], wide[1], wide[2])) < 1e-6)

    let gradients = [
      FloatBuffer.stale(queryCount), FloatBuffer.stale(keyCount), FloatBuffer.stale(keyCount),
    ]
    shape.backward(
      FloatBuffer(copying: dContext).readOnly, queries: qBuffer.readOnly,
      keys: kBuffer.readOnly, values: vBuffer.readOnly, probabilities: probabilities.readOnly,
      imageCount: images, dQueries: gradients[0].view, dKeys: gradients[1].view,
      dValues: gradients[2].view)
    for (which, gradient) in gradients.enumerated() {
      let differences = wide[which].indices.map { index in
        let ends = [1e-5, -1e-5].map { step in
          var moved = wide
          moved[which][index] += step
          let context = Self.context(shape, images, moved[0], moved[1], moved[2])
          return zip(context, dContext).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        return (ends[0] - ends[1]) / 2e-5
      }
      if tokenCount == 1 && which < 2 {
        #expect(gradient.values.allSatisfy { abs($0) < 1e-6 }, "one token gets all attention")
      } else {
        #expect(relativeError(gradient.values, differences) < 1e-5)
      }
    }
  }
}
