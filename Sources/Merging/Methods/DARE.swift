/// DARE (Yu et al., ICML 2024): task arithmetic, or TIES, on task vectors that lost most of their
/// entries at random and have the others rescaled.
public struct DARE: MergingMethod {
  public let lambda: Double
  public let drop: RandomDrop
  /// The share of entries that TIES keeps of what was not dropped; nil: task arithmetic.
  public let density: Double?

  public init(
    lambda: Double = 0.3, drop: RandomDrop = RandomDrop(rate: 0.9, seed: 0),
    density: Double? = nil
  ) {
    self.lambda = lambda
    self.drop = drop
    self.density = density
  }

  public var name: String { density == nil ? "dare" : "dare-ties" }

  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    try MergedModel(
      bank, MergingCoefficients(uniform: lambda, for: bank, density: density, drop: drop))
  }
}
