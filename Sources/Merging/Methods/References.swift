/// The base model itself: the lower reference.
public struct Pretrained: MergingMethod {
  public let name = "pretrained"

  public init() {}

  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    MergedModel(shared: bank.base, coefficients: MergingCoefficients(uniform: 0, for: bank))
  }
}

/// Every task its own expert: the upper reference. An unseen task gets the base model.
public struct Individual: MergingMethod {
  public let name = "individual"

  public init() {}

  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    MergedModel(
      shared: bank.base, coefficients: MergingCoefficients(uniform: 0, for: bank), experts: bank)
  }
}
