internal import Checkpoints
internal import Kernels
internal import TensorCore
internal import VisionModels

/// RegMean (Jin et al., ICLR 2023): the weights of every linear layer are those whose outputs are
/// nearest, by least squares, to those of every expert on inputs of its own task,
///
///     W = (sum_k G_k)^-1 sum_k G_k W_k,   G_k = X_k^T X_k
///
/// with the inputs `X_k` of the layer in expert k over unlabeled images of task k, and the entries of
/// `G_k` off the diagonal scaled by `alpha`. Other parameters are averaged. It learns nothing; no
/// weights of whole tensors make its model.
///
/// Besides a few copies of the model, it holds the products of the inputs twice: for a ViT-B/32 1.1 GB.
public struct RegMean: AdaptiveMethod {
  public let name = "regmean"
  /// Images of each task; a smaller data set is passed through again.
  public let images: Int
  /// In 0...1; 0: weights by the diagonals alone.
  public let alpha: Double

  /// What is added to the diagonal, relative to its mean: directions that no input has keep the mean
  /// of the experts.
  static let ridge = 1e-6

  public init(images: Int = 256, alpha: Double = 0.9) {
    precondition(images > 0 && (0...1).contains(alpha), "an image, a share")
    self.images = images
    self.alpha = alpha
  }

  /// Batches of 16 in one shuffled pass.
  public var settings: AdaMergingSettings { .onePass(images: images) }

  /// - Throws: `noBatches` unless every expert's task has images, `noRoom`; `nonFiniteGradient` where
  ///   the inputs of a layer overflow; `unsolvable`.
  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    guard let data, !bank.tasks.isEmpty else { throw .noBatches(method: name) }
    guard data.encoder.layout == bank.layout,
      let encoder = data.encoder as? any LinearLayerEncoder
    else { throw .differentLayout(method: name) }
    let mean = try bank.merged(
      by: MergingCoefficients(uniform: 1 / Double(bank.tasks.count), for: bank))
    var regression = Regression(alpha: Float(alpha), mean: mean, products: encoder.inputProducts)
    for task in bank.tasks {
      let stream = try data.stream(of: task, method: name)
      let expert = try bank.expert(of: task)!
      var products = encoder.inputProducts
      var (batches, done) = (stream.batches, 0)
      while done < images {
        let batch = batches.next()
        let count = min(batch.rowCount, images - done)
        encoder.accumulateInputProducts(
          of: batch.rows(0..<count), parameters: expert, into: &products)
        done += count
      }
      guard products.values.allSatisfy(\.isFinite) else {
        let group = products.groups.first { !products.values[$0.range].allSatisfy(\.isFinite) }!
        throw .nonFiniteGradient(method: name, task: task, step: done, layer: group.weights[0])
      }
      regression.add(expert, products)
    }
    return MergedModel(shared: try regression.solution(), coefficients: nil)
  }
}

/// The least squares of all linear layers: `sum_k G_k` and `sum_k (W_k - mean) G_k`.
private struct Regression {
  let alpha: Float
  let mean: StateDict
  private var matrices: InputProducts
  private var rightSides: [Float]

  init(alpha: Float, mean: StateDict, products: InputProducts) {
    self.alpha = alpha
    self.mean = mean
    matrices = products
    rightSides = [Float](repeating: 0, count: mean.values.count)
  }

  /// Adds an expert with the products of its inputs.
  mutating func add(_ expert: StateDict, _ products: consuming InputProducts) {
    var products = products
    let (groups, mean) = (products.groups, mean)
    // Arrays of their own: elements of another module's properties are slow to reach.
    var (gram, sum) = (products.values, matrices.values)
    (products.values, matrices.values) = ([], [])
    for group in groups {
      for row in 0..<group.inputs {
        let start = group.range.lowerBound + row * group.inputs
        for index in start..<start + group.inputs {
          if index != start + row { gram[index] *= alpha }
          sum[index] += gram[index]
        }
      }
    }
    matrices.values = sum
    let weights = groups.flatMap { group in group.weights.map { (group, mean.layout[$0]!.range) } }
    unsafe rightSides.withUnsafeMutableBufferPointer { sides in
      let sides = unsafe MutableFloatView(sides)
      unsafe gram.withUnsafeBufferPointer { products in
        let products = unsafe FloatView(products)
        Parallel.forEach(weights.count) { index in
          let (group, range) = weights[index]
          let difference = FloatBuffer(count: range.count).view
          unsafe expert.values.withUnsafeBufferPointer { expert in
            unsafe mean.values.withUnsafeBufferPointer { mean in
              WeightedSum.difference(
                of: unsafe FloatView(expert)[range], from: unsafe FloatView(mean)[range],
                into: difference)
            }
          }
          MatMul.multiply(
            .init(difference.readOnly, stride: group.inputs),
            .init(products[group.range], stride: group.inputs), rows: range.count / group.inputs,
            columns: group.inputs, inner: group.inputs, into: sides[range], stride: group.inputs,
            accumulate: true)
        }
      }
    }
  }

  /// The mean of the experts, moved to the solutions of all layers.
  func solution() throws(MergingError) -> StateDict {
    let groups = matrices.groups
    let moves = try Parallel.map(groups.count) { (index) throws(MergingError) -> [[Float]] in
      let group = groups[index]
      var matrix = matrices.values[group.range].map { Double($0) }
      let diagonal = stride(from: 0, to: matrix.count, by: group.inputs + 1)
      let scale = diagonal.reduce(0) { $0 + matrix[$1] } / Double(group.inputs)
      // Inputs that are all zero leave the mean as it is.
      let ridge = scale > 0 ? RegMean.ridge * scale : 1
      for place in diagonal { matrix[place] += ridge }
      let ranges = group.weights.map { mean.layout[$0]!.range }
      var sides = ranges.flatMap { rightSides[$0].map { Double($0) } }
      let isSolved = CholeskySolve.solve(
        &matrix, order: group.inputs, rightSides: &sides, count: sides.count / group.inputs)
      guard isSolved else { throw .unsolvable(method: "regmean", layer: group.weights[0]) }
      var start = 0
      return ranges.map { range in
        defer { start += range.count }
        return sides[start..<start + range.count].map { Float($0) }
      }
    }
    var merged = mean.values
    for (group, moved) in zip(groups, moves) {
      for (weight, values) in zip(group.weights, moved) {
        let start = mean.layout[weight]!.range.lowerBound
        for (index, value) in values.enumerated() { merged[start + index] += value }
      }
    }
    return StateDict(layout: mean.layout, values: merged)
  }
}
