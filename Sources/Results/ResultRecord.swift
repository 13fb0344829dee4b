public import TensorCore

/// Whether a cell was measured.
public enum ResultStatus: String, Codable, Sendable {
  case done, failed
}

/// One row of the results: one task of one cell, as the plan describes it and its record measured
/// it.
public struct ResultRecord: Hashable, Sendable {
  /// The plan's name for the group of cells that the row belongs to.
  public let experiment: String
  public let method: String
  /// The options that differ from the method's own, as `lambda=0.4`; empty for none.
  public let methodOptions: String
  public let backbone: String
  public let task: String
  /// Whether the task's expert is part of the merge.
  public let seen: Bool
  /// A recipe's name, or `clean`.
  public let corruption: String
  /// Nil for clean images.
  public let severity: Severity?
  /// How the recipe was read, as `imagenet-c`.
  public let profile: String
  /// How a method that adapts did so, as `paper`.
  public let adaptation: String
  public let record: CellRecord

  public init(
    experiment: String, method: String, methodOptions: String, backbone: String, task: String,
    seen: Bool, corruption: String, severity: Severity?, profile: String, adaptation: String,
    record: CellRecord
  ) {
    self.experiment = experiment
    self.method = method
    self.methodOptions = methodOptions
    self.backbone = backbone
    self.task = task
    self.seen = seen
    self.corruption = corruption
    self.severity = severity
    self.profile = profile
    self.adaptation = adaptation
    self.record = record
  }

  public var status: ResultStatus { record.failure == nil ? .done : .failed }
  public var measurement: TaskMeasurement? { record.measurement(of: task) }
}
