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
  /// Whether the options are one point of a grid, of which tables show the best, marked as an oracle.
  public let isGridPoint: Bool
  public let backbone: String
  public let task: String
  /// Whether the task's expert is part of the merge.
  public let seen: Bool
  /// Which streams are adapted to and evaluated: a preset as `transductive`, or `custom`.
  public let protocolName: String
  /// The stream that was adapted to, as `fog-3`; `none` for a method that does not adapt.
  public let adaptStream: String
  /// The stream that was evaluated.
  public let evaluateStream: String
  /// Finished phases of the adapted stream when it was evaluated; nil: the stream is of one phase, or
  /// was evaluated at its end.
  public let boundary: Int?
  /// Of the evaluated images: a recipe's name, `clean`, or `mixed` where each has its own.
  public let corruption: String
  /// Nil for clean and for mixed images.
  public let severity: Severity?
  /// How the recipe was read, as `imagenet-c`.
  public let profile: String
  /// How a method that adapts did so, as `paper`.
  public let adaptation: String
  public let record: CellRecord

  public init(
    experiment: String, method: String, methodOptions: String, isGridPoint: Bool = false,
    backbone: String, task: String, seen: Bool, protocolName: String, adaptStream: String,
    evaluateStream: String, boundary: Int? = nil, corruption: String, severity: Severity?,
    profile: String, adaptation: String, record: CellRecord
  ) {
    self.experiment = experiment
    self.method = method
    self.methodOptions = methodOptions
    self.isGridPoint = isGridPoint
    self.backbone = backbone
    self.task = task
    self.seen = seen
    self.protocolName = protocolName
    self.adaptStream = adaptStream
    self.evaluateStream = evaluateStream
    self.boundary = boundary
    self.corruption = corruption
    self.severity = severity
    self.profile = profile
    self.adaptation = adaptation
    self.record = record
  }

  /// The method, with its options if there are any: `ties (lambda=0.4)`.
  public var methodTitle: String { methodOptions.isEmpty ? method : "\(method) (\(methodOptions))" }
  public var status: ResultStatus { record.failure == nil ? .done : .failed }
  public var measurement: TaskMeasurement? { record.measurement(of: task) }
}
