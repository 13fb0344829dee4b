package import Checkpoints
internal import Kernels
internal import TensorCore

/// The two products with the matrix of task vectors, piece by piece on all threads.
extension TaskVectorBank {
  /// The work is cut into pieces of this many floats, which stay in a core's cache.
  private static let pieceLength = 1 << 15

  /// The weighted sum by a matrix K x L over `layers`; other layers are the base model's.
  func weightedSum(_ matrix: [Float], layers: [String]) throws(MergingError) -> StateDict {
    var merged = base
    try weightedSum(matrix, ranges: ranges(of: layers), into: &merged)
    return merged
  }

  /// Overwrites the L `ranges` of `merged` with `theta_pre + sum_k lambda_kl tau_k`.
  ///
  /// - Parameter matrix: the coefficients, K x L.
  func weightedSum(
    _ matrix: [Float], ranges: [Range<Int>], into merged: inout StateDict
  ) throws(MergingError) {
    precondition(matrix.count == tasks.count * ranges.count, "coefficients are K x L")
    try forEachPiece(of: ranges, writing: &merged.values) {
      (layer, range, target, scratch) throws(MergingError) in
      unsafe base.values.withUnsafeBufferPointer { target.copy(unsafe FloatView($0)[range]) }
      for row in tasks.indices {
        WeightedSum.add(
          try values(ofRow: row, in: range, scratch: scratch),
          times: matrix[row * ranges.count + layer], to: target)
      }
    }
  }

  /// Adds the vector of row `row` to `parameters`.
  func add(row: Int, to parameters: inout StateDict) throws(MergingError) {
    try forEachPiece(of: [0..<layout.count], writing: &parameters.values) {
      (_, range, target, scratch) throws(MergingError) in
      WeightedSum.add(try values(ofRow: row, in: range, scratch: scratch), times: 1, to: target)
    }
  }

  /// `dloss/dlambda[k, l] = <gradient_l, tau_kl>`, the matrix K x L, summed in double precision.
  package func coefficientGradient(
    of gradient: StateDict, ranges: [Range<Int>]
  ) throws(MergingError) -> [Float] {
    try sums(over: ranges) { vector, range in
      unsafe gradient.values.withUnsafeBufferPointer {
        WeightedSum.innerProduct(unsafe FloatView($0)[range], vector)
      }
    }.map { Float($0) }
  }

  /// `|tau_kl|^2`, the matrix K x L over `layers`.
  package func squaredNorms(of layers: [String]) throws(MergingError) -> [Double] {
    try sums(over: ranges(of: layers)) { vector, _ in WeightedSum.innerProduct(vector, vector) }
  }

  /// The sums K x L of what `term` makes of the pieces of every vector, in double precision and in a
  /// fixed order.
  private func sums(
    over ranges: [Range<Int>], _ term: @Sendable (FloatView, Range<Int>) -> Double
  ) throws(MergingError) -> [Double] {
    let pieces = Self.pieces(of: ranges)
    let partial = try Parallel.map(pieces.count) { (index) throws(MergingError) -> [Double] in
      let range = pieces[index].range
      let scratch = FloatBuffer(count: range.count).view
      var products: [Double] = []
      for row in tasks.indices {
        products.append(term(try values(ofRow: row, in: range, scratch: scratch), range))
      }
      return products
    }
    var sums = [Double](repeating: 0, count: tasks.count * ranges.count)
    for (piece, products) in zip(pieces, partial) {
      for row in tasks.indices { sums[row * ranges.count + piece.layer] += products[row] }
    }
    return sums
  }

  /// Calls `body` on all threads with the layer, the range, the values and room for as many.
  func forEachPiece(
    of ranges: [Range<Int>], writing values: inout [Float],
    _ body:
      @Sendable (Int, Range<Int>, MutableFloatView, MutableFloatView) throws(MergingError) ->
      Void
  ) throws(MergingError) {
    precondition(values.count == layout.count, "values of all parameters")
    guard !values.isEmpty else { return }
    let pieces = Self.pieces(of: ranges)
    let outcomes = unsafe values.withUnsafeMutableBufferPointer { values in
      let values = unsafe MutableFloatView(values)
      return Parallel.map(pieces.count) { index -> MergingError? in
        let (layer, range) = pieces[index]
        do throws(MergingError) {
          try body(layer, range, values[range], FloatBuffer(count: range.count).view)
          return nil
        } catch {
          return error
        }
      }
    }
    if let error = outcomes.compactMap(\.self).first { throw error }
  }

  private static func pieces(of ranges: [Range<Int>]) -> [(layer: Int, range: Range<Int>)] {
    var pieces: [(layer: Int, range: Range<Int>)] = []
    for (layer, range) in ranges.enumerated() {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: pieceLength) {
        pieces.append((layer, start..<min(range.upperBound, start + pieceLength)))
      }
    }
    return pieces
  }
}
