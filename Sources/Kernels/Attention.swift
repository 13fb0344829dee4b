/// Multi-head scaled dot-product attention of one image after another: for every head
/// `context = softmax(q k^T / sqrt(headWidth)) v` (Vaswani et al. 2017).
///
/// `queries` and `context` are `[images, queryCount, width]`, `keys` and `values`
/// `[images, tokenCount, width]`, where a head owns `headWidth` neighbouring columns;
/// `probabilities` are `[images, heads, queryCount, tokenCount]`.
///
/// Causal attention lets a token see those before it and itself alone (GPT, CLIP's texts): the
/// probabilities of the others are 0.
package struct Attention: Sendable {
  package let headCount: Int
  package let headWidth: Int
  package let tokenCount: Int
  /// How many of an image's tokens ask: all of them, or the class token alone.
  package let queryCount: Int
  package let isCausal: Bool

  package init(
    headCount: Int, headWidth: Int, tokenCount: Int, queryCount: Int, isCausal: Bool = false
  ) {
    precondition(!isCausal || queryCount == tokenCount, "in causal attention all tokens ask")
    self.headCount = headCount
    self.headWidth = headWidth
    self.tokenCount = tokenCount
    self.queryCount = queryCount
    self.isCausal = isCausal
  }

  private var width: Int { headCount * headWidth }
  private var scale: Float { 1 / Float(headWidth).squareRoot() }

  /// The number of probabilities per image.
  package var probabilityCount: Int { headCount * queryCount * tokenCount }

  package func forward(
    queries: FloatView, keys: FloatView, values: FloatView, imageCount: Int,
    probabilities: MutableFloatView, context: MutableFloatView
  ) {
    forEachHead(imageCount) { queryStart, keyStart, probabilityRange in
      let p = probabilities[probabilityRange]
      MatMul.multiply(
        .init(queries[queryStart..<queries.count], stride: width),
        .init(keys[keyStart..<keys.count], stride: width, transposed: true),
        rows: queryCount, columns: tokenCount, inner: headWidth, into: p, stride: tokenCount)
      if isCausal {
        causalSoftmax(p)
      } else {
        Softmax.forward(p, scale: scale, rows: queryCount, width: tokenCount)
      }
      MatMul.multiply(
        .init(p.readOnly, stride: tokenCount),
        .init(values[keyStart..<values.count], stride: width),
        rows: queryCount, columns: headWidth, inner: tokenCount,
        into: context[queryStart..<context.count], stride: width)
    }
  }

  /// The softmax of each row up to its diagonal, and zeros behind it: so the gradient is 0 there, too.
  private func causalSoftmax(_ p: MutableFloatView) {
    for query in 0..<queryCount {
      let row = p.rows(query..<query + 1, of: tokenCount)
      Softmax.forward(row[0..<query + 1], scale: scale, rows: 1, width: query + 1)
      row[query + 1..<tokenCount].fill(0)
    }
  }

  /// Overwrites `dQueries`, `dKeys` and `dValues` with the gradients.
  package func backward(
    _ dContext: FloatView, queries: FloatView, keys: FloatView, values: FloatView,
    probabilities: FloatView, imageCount: Int,
    dQueries: MutableFloatView, dKeys: MutableFloatView, dValues: MutableFloatView
  ) {
    let scratch = FloatBuffer(count: queryCount * tokenCount)
    let dp = scratch.view
    forEachHead(imageCount) { queryStart, keyStart, probabilityRange in
      let p = probabilities[probabilityRange]
      let dContext = MatMul.Operand(dContext[queryStart..<dContext.count], stride: width)
      MatMul.multiply(
        .init(p, stride: tokenCount, transposed: true), dContext,
        rows: tokenCount, columns: headWidth, inner: queryCount,
        into: dValues[keyStart..<dValues.count], stride: width)
      MatMul.multiply(
        dContext, .init(values[keyStart..<values.count], stride: width, transposed: true),
        rows: queryCount, columns: tokenCount, inner: headWidth, into: dp, stride: tokenCount)
      Softmax.backward(p, dp, scale: scale, rows: queryCount, width: tokenCount)
      MatMul.multiply(
        .init(dp.readOnly, stride: tokenCount), .init(keys[keyStart..<keys.count], stride: width),
        rows: queryCount, columns: headWidth, inner: tokenCount,
        into: dQueries[queryStart..<dQueries.count], stride: width)
      MatMul.multiply(
        .init(dp.readOnly, stride: tokenCount, transposed: true),
        .init(queries[queryStart..<queries.count], stride: width),
        rows: tokenCount, columns: headWidth, inner: queryCount,
        into: dKeys[keyStart..<dKeys.count], stride: width)
    }
  }

  /// Calls `body` with where a head's queries and keys start, and the range of its probabilities.
  @inline(__always)
  private func forEachHead(_ imageCount: Int, _ body: (Int, Int, Range<Int>) -> Void) {
    let headProbabilities = queryCount * tokenCount
    for image in 0..<imageCount {
      for head in 0..<headCount {
        let start = (image * headCount + head) * headProbabilities
        body(
          image * queryCount * width + head * headWidth,
          image * tokenCount * width + head * headWidth, start..<start + headProbabilities)
      }
    }
  }
}
