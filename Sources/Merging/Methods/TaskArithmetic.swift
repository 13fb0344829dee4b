internal import Checkpoints

/// The mean of the experts (Wortsman et al., ICML 2022).
public struct WeightAveraging: MergingMethod {
  public let name = "weight-averaging"

  public init() {}

  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    guard !bank.tasks.isEmpty else { throw .noExperts }
    return try MergedModel(
      bank, MergingCoefficients(uniform: 1 / Double(bank.tasks.count), for: bank))
  }
}

/// Task arithmetic (Ilharco et al., ICLR 2023): `theta_pre + lambda sum_k tau_k`; the lambda of some
/// tensors may differ.
public struct TaskArithmetic: MergingMethod {
  public let name = "task-arithmetic"
  public let lambda: Double
  /// What other tensors than those of `lambda` are weighted with.
  public let exceptions: TensorLambdas

  public init(lambda: Double = 0.3, exceptions: TensorLambdas = TensorLambdas()) {
    self.lambda = lambda
    self.exceptions = exceptions
  }

  /// - Throws: `unsuitableCoefficients` if a pattern of the exceptions fits no tensor.
  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    guard !exceptions.isEmpty else {
      return try MergedModel(bank, MergingCoefficients(uniform: lambda, for: bank))
    }
    let layers = bank.layout.names
    let row = try exceptions.values(of: layers, default: lambda)
    return try MergedModel(
      bank,
      MergingCoefficients(
        .layerwise, tasks: bank.tasks, layers: layers, values: bank.tasks.flatMap { _ in row }))
  }
}

/// TIES (Yadav et al., NeurIPS 2023): trims the task vectors, elects signs, and adds up the entries
/// that agree ("dis-sum"), times lambda.
public struct TIES: MergingMethod {
  public let name = "ties"
  public let lambda: Double
  /// The share of entries that trimming keeps.
  public let density: Double

  public init(lambda: Double = 0.3, density: Double = 0.2) {
    precondition(density > 0 && density <= 1, "a share of the entries")
    self.lambda = lambda
    self.density = density
  }

  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    try MergedModel(bank, MergingCoefficients(uniform: lambda, for: bank, density: density))
  }
}

extension MergedModel {
  /// The model that fixed coefficients make.
  ///
  /// - Throws: `unsuitableCoefficients` if they are of other tasks or layers.
  public init(
    _ bank: TaskVectorBank, _ coefficients: MergingCoefficients
  ) throws(MergingError) {
    self.init(shared: try bank.merged(by: coefficients), coefficients: coefficients)
  }
}
