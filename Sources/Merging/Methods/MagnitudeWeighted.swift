internal import Checkpoints

/// Task arithmetic whose coefficients depend on the lengths (L2 norms) of the task vectors, so that an
/// expert that moved far does not drown the others, or counts the more. With K task vectors:
///
/// - `equal` scales each to the mean length: `lambda_k = lambda mean_j |tau_j| / |tau_k|`. Ours.
/// - `proportional` weighs by squared lengths: `lambda_k = lambda K |tau_k|^2 / sum_j |tau_j|^2`; at
///   `lambda = 1 / K` these are the coefficients of MetaGPT (Zhou et al., EMNLP 2024).
///
/// Lengths are those of the whole vectors, or of each tensor by itself (ours).
public struct MagnitudeWeighted: MergingMethod {
  public enum Weighting: String, Sendable, CaseIterable {
    case equal, proportional
  }

  public enum Scope: String, Sendable, CaseIterable {
    case model, tensor
  }

  public let name = "magnitude-weighted"
  public let lambda: Double
  public let weighting: Weighting
  public let scope: Scope

  public init(lambda: Double = 0.3, weighting: Weighting = .equal, scope: Scope = .model) {
    self.lambda = lambda
    self.weighting = weighting
    self.scope = scope
  }

  /// - Throws: `noExperts`, `noRoom`.
  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    guard !bank.tasks.isEmpty else { throw .noExperts }
    let layers = bank.layout.names
    let squares = try bank.squaredNorms(of: layers)
    let rows = bank.tasks.indices.map { squares[$0 * layers.count..<($0 + 1) * layers.count] }
    switch scope {
    case .model:
      return try MergedModel(
        bank,
        MergingCoefficients(
          .taskwise, tasks: bank.tasks, layers: layers,
          values: weights(rows.map { $0.reduce(0, +) })))
    case .tensor:
      let columns = layers.indices.map { layer in
        weights(rows.map { $0[$0.startIndex + layer] })
      }
      let values = bank.tasks.indices.flatMap { task in columns.map { $0[task] } }
      return try MergedModel(
        bank,
        MergingCoefficients(.layerwise, tasks: bank.tasks, layers: layers, values: values))
    }
  }

  /// The coefficients of vectors of these squared lengths; 0 for one of length 0, which adds nothing.
  private func weights(_ squares: [Double]) -> [Double] {
    let count = Double(squares.count)
    switch weighting {
    case .equal:
      let mean = squares.reduce(0) { $0 + $1.squareRoot() } / count
      return squares.map { $0 > 0 ? lambda * mean / $0.squareRoot() : 0 }
    case .proportional:
      let sum = squares.reduce(0, +)
      return squares.map { $0 > 0 ? lambda * count * $0 / sum : 0 }
    }
  }
}
