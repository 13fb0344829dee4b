public import Checkpoints
internal import Kernels
public import TensorCore

/// An encoder that can say what goes into its linear layers.
public protocol LinearLayerEncoder: ImageEncoder {
  /// Room for the products of the inputs, all zero.
  var inputProducts: InputProducts { get }

  /// Adds `x^T x` over the rows `x` that enter each linear layer for preprocessed `pixels`
  /// `[N, 3, imageSize, imageSize]`: one row for each token whose outcome counts.
  func accumulateInputProducts(
    of pixels: Tensor, parameters: borrowing StateDict, into products: inout InputProducts)
}

/// The inner products of the inputs of linear layers, `x^T x`, one matrix for all layers that have the
/// same inputs.
public struct InputProducts: Sendable {
  /// Linear layers with the same inputs.
  public struct Group: Sendable, Equatable {
    /// The names of the weights, each a matrix of rows of `inputs` floats.
    public internal(set) var weights: [String]
    public let inputs: Int
    /// Where the matrix `[inputs, inputs]` lies among the values.
    public let range: Range<Int>
  }

  public private(set) var groups: [Group] = []
  package var values: [Float]

  /// - Parameter groups: of each the names of the weights and the length of the inputs.
  package init(_ groups: [(weights: [String], inputs: Int)]) {
    var start = 0
    for (weights, inputs) in groups {
      let range = start..<start + inputs * inputs
      self.groups.append(Group(weights: weights, inputs: inputs, range: range))
      start = range.upperBound
    }
    values = Array(repeating: 0, count: start)
  }

  /// The matrix `[inputs, inputs]` of the layer whose weights have this name; nil if there is none.
  public func matrix(of weight: String) -> Tensor? {
    guard let group = groups.first(where: { $0.weights.contains(weight) }) else { return nil }
    return Tensor(shape: [group.inputs, group.inputs], values: Array(values[group.range]))
  }
}

/// A matrix product `x^T x` that is to be added to a group.
struct InputProduct: Sendable {
  let group: Range<Int>
  let inputs: Int
  /// `rows` rows, `stride` floats apart.
  let input: FloatView
  let rows, stride: Int

  /// Adds `products` to `values`, tile by tile on all threads.
  static func add(_ products: [InputProduct], to values: MutableFloatView) {
    let tiles = products.flatMap { product in
      Swift.stride(from: 0, to: product.inputs, by: tileLength).map { start in
        (product, start..<min(product.inputs, start + tileLength))
      }
    }
    Parallel.forEach(tiles.count) { index in
      let (product, tile) = tiles[index]
      let (x, inputs) = (product.input, product.inputs)
      MatMul.multiply(
        .init(x[tile.lowerBound..<x.count], stride: product.stride, transposed: true),
        .init(x, stride: product.stride), rows: tile.count, columns: inputs, inner: product.rows,
        into: values[product.group].rows(tile, of: inputs), stride: inputs, accumulate: true)
    }
  }

  private static let tileLength = 192
}
