/// The outcome of a cell as its file keeps it: one method on a set of tasks on one stream.
public struct CellRecord: Codable, Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    /// One measurement per task.
    case measured([TaskMeasurement])
    case failed(reason: String)
  }

  /// Changes when a reader of older files would go wrong.
  public static let currentSchemaVersion = 2

  public let schemaVersion: Int
  public let key: CellKey
  /// What the key is the hash of.
  public let ingredients: [String: String]
  public let outcome: Outcome
  /// Of a method that learns step by step; nil for the others, and for a failed cell.
  public let adaptation: AdaptationSummary?
  /// Merging and adapting, without the evaluation.
  public let adaptationSeconds: Double
  /// Merging, adapting and evaluating; the preparation of images, shared by cells, is left out.
  public let seconds: Double
  /// The most memory that the process held while the cell was computed.
  public let peakMemoryBytes: Int
  public let provenance: Provenance

  /// - Parameter ingredients: what determines the result; gives the key.
  public init(
    ingredients: [String: String], outcome: Outcome, adaptation: AdaptationSummary? = nil,
    adaptationSeconds: Double, seconds: Double, peakMemoryBytes: Int = 0, provenance: Provenance
  ) {
    schemaVersion = Self.currentSchemaVersion
    key = CellKey(ingredients)
    self.ingredients = ingredients
    self.outcome = outcome
    self.adaptation = adaptation
    self.adaptationSeconds = adaptationSeconds
    self.seconds = seconds
    self.peakMemoryBytes = peakMemoryBytes
    self.provenance = provenance
  }

  /// Why the cell failed; nil if it was measured.
  public var failure: String? {
    guard case .failed(let reason) = outcome else { return nil }
    return reason
  }

  public func measurement(of task: String) -> TaskMeasurement? {
    guard case .measured(let tasks) = outcome else { return nil }
    return tasks.first { $0.task == task }
  }

  private enum CodingKeys: String, CodingKey {
    case schemaVersion, key, ingredients, status, reason, tasks, adaptation, adaptationSeconds,
      seconds, peakMemoryBytes, provenance
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    schemaVersion = try container.decode(Int.self, forKey: .schemaVersion)
    guard schemaVersion == Self.currentSchemaVersion else {
      throw DecodingError.dataCorruptedError(
        forKey: .schemaVersion, in: container,
        debugDescription:
          "schema version \(schemaVersion) where \(Self.currentSchemaVersion) is read")
    }
    key = try container.decode(CellKey.self, forKey: .key)
    ingredients = try container.decode([String: String].self, forKey: .ingredients)
    switch try container.decode(ResultStatus.self, forKey: .status) {
    case .done:
      let tasks = try container.decode([TaskMeasurement].self, forKey: .tasks)
      if let task = tasks.first(where: { !$0.isConsistent }) {
        throw DecodingError.dataCorruptedError(
          forKey: .tasks, in: container,
          debugDescription: "'\(task.task)' has not the same samples everywhere, or none")
      }
      outcome = .measured(tasks)
    case .failed:
      outcome = .failed(reason: try container.decode(String.self, forKey: .reason))
    }
    adaptation = try container.decodeIfPresent(AdaptationSummary.self, forKey: .adaptation)
    guard adaptation?.isConsistent != false else {
      throw DecodingError.dataCorruptedError(
        forKey: .adaptation, in: container,
        debugDescription: "not a value for each expert, layer and task")
    }
    adaptationSeconds = try container.decode(Double.self, forKey: .adaptationSeconds)
    seconds = try container.decode(Double.self, forKey: .seconds)
    peakMemoryBytes = try container.decode(Int.self, forKey: .peakMemoryBytes)
    provenance = try container.decode(Provenance.self, forKey: .provenance)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schemaVersion, forKey: .schemaVersion)
    try container.encode(key, forKey: .key)
    try container.encode(ingredients, forKey: .ingredients)
    switch outcome {
    case .measured(let tasks):
      try container.encode(ResultStatus.done, forKey: .status)
      try container.encode(tasks, forKey: .tasks)
    case .failed(let reason):
      try container.encode(ResultStatus.failed, forKey: .status)
      try container.encode(reason, forKey: .reason)
    }
    try container.encodeIfPresent(adaptation, forKey: .adaptation)
    try container.encode(adaptationSeconds, forKey: .adaptationSeconds)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(peakMemoryBytes, forKey: .peakMemoryBytes)
    try container.encode(provenance, forKey: .provenance)
  }
}

extension CellRecord {
  /// Whether two computations of one cell came to the same figures; times, memory and machine aside.
  public func agrees(with other: CellRecord) -> Bool {
    key == other.key && outcome == other.outcome
      && adaptation?.coefficients == other.adaptation?.coefficients
      && adaptation?.steps == other.adaptation?.steps
  }
}
