public import Checkpoints
internal import Foundation
internal import TensorCore

/// What a merging method made: one model for all tasks, or, as a reference, one for each.
public struct MergedModel: Sendable {
  /// The parameters for every task without parameters of its own, above all for unseen tasks.
  public let shared: StateDict
  /// How the shared model is made of the task vectors; nil if no weights of whole tensors make it.
  public let coefficients: MergingCoefficients?
  /// What an adaptation went through; empty for a static method.
  public let trajectory: [AdaptationStep]
  private let experts: TaskVectorBank?

  /// - Parameter experts: whose tasks get their experts' parameters.
  public init(
    shared: StateDict, coefficients: MergingCoefficients?, trajectory: [AdaptationStep] = [],
    experts: TaskVectorBank? = nil
  ) {
    self.shared = shared
    self.coefficients = coefficients
    self.trajectory = trajectory
    self.experts = experts
  }

  /// The parameters that images of `task`, seen or unseen, are classified with.
  ///
  /// - Throws: `noRoom`.
  public func parameters(for task: String) throws(MergingError) -> StateDict {
    try experts?.expert(of: task) ?? shared
  }

  /// Whether all tasks share one model.
  public var isShared: Bool { experts == nil }

  /// Writes the coefficients to `path`, or takes away what another model left there if this one has
  /// none.
  ///
  /// - Throws: `unwritable`.
  public func writeCoefficients(to path: String) throws(MergingError) {
    if let coefficients { return try coefficients.write(to: path) }
    guard FileManager.default.fileExists(atPath: path) else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw .unwritable(path: path, reason: FileReason.of(error))
    }
  }
}
