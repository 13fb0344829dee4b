internal import Checkpoints
internal import Foundation
internal import Inputs
internal import TensorCore

/// The weights of task vectors in a merge: one for each task, or one for each task and layer, where
/// a layer is one parameter tensor. With the experts they are the merged model.
///
/// As JSON: `{"granularity": "task-wise", "tasks": [...], "layers": [...], "values": [...]}`, where
/// layer-wise values are a list for each task; with `"density"`, if the vectors are those of TIES, and
/// `"drop": {"rate": 0.9, "seed": 0}`, if they lost entries as in DARE.
public struct MergingCoefficients: Sendable, Equatable {
  public enum Granularity: String, Sendable, CaseIterable, Codable {
    case taskwise = "task-wise"
    case layerwise = "layer-wise"
  }

  public let granularity: Granularity
  public let tasks: [String]
  /// The names of the tensors that are merged; all others are the base model's.
  public let layers: [String]
  /// K for task-wise coefficients; K x L, one task after another, for layer-wise ones.
  public let values: [Double]
  /// The share of entries that the task vectors were trimmed to as in TIES, keeping those of the
  /// elected sign; nil: whole task vectors.
  public let density: Double?
  /// Which entries the task vectors lost before all else; nil: none.
  public let drop: RandomDrop?

  public init(
    _ granularity: Granularity, tasks: [String], layers: [String], values: [Double],
    density: Double? = nil, drop: RandomDrop? = nil
  ) {
    precondition(
      values.count == tasks.count * (granularity == .taskwise ? 1 : layers.count),
      "a value for each task, or for each task and layer")
    self.granularity = granularity
    self.tasks = tasks
    self.layers = layers
    self.values = values
    self.density = density
    self.drop = drop
  }

  /// The same coefficient for all tasks and layers of a bank.
  public init(
    uniform value: Double, for bank: TaskVectorBank, density: Double? = nil,
    drop: RandomDrop? = nil
  ) {
    self.init(
      .taskwise, tasks: bank.tasks, layers: bank.layout.names,
      values: Array(repeating: value, count: bank.tasks.count), density: density, drop: drop)
  }

  /// The coefficient of `task` in the tensor `layer`; nil if it is not among the coefficients.
  public subscript(task: String, layer: String) -> Double? {
    guard let row = tasks.firstIndex(of: task), let column = layers.firstIndex(of: layer) else {
      return nil
    }
    return granularity == .taskwise ? values[row] : values[row * layers.count + column]
  }

  /// The mean over the layers, for each task.
  public var taskMeans: [Double] {
    guard granularity == .layerwise else { return values }
    return tasks.indices.map { row in
      values[row * layers.count..<(row + 1) * layers.count].reduce(0, +) / Double(layers.count)
    }
  }

  /// K x L, whatever the granularity.
  var matrix: [Float] {
    switch granularity {
    case .taskwise: values.flatMap { Array(repeating: Float($0), count: layers.count) }
    case .layerwise: values.map { Float($0) }
    }
  }

  /// The same coefficients with the tasks in the bank's order.
  func arranged(for bank: TaskVectorBank) throws(MergingError) -> MergingCoefficients {
    guard tasks.sorted() == bank.tasks.sorted() else {
      throw .unsuitableCoefficients(
        reason: "they are of the tasks \(tasks.joined(separator: ", ")), the experts of "
          + bank.tasks.joined(separator: ", "))
    }
    if let layer = layers.first(where: { bank.layout[$0] == nil }) {
      throw .unsuitableCoefficients(reason: "the base model has no tensor '\(layer)'")
    }
    let rowLength = granularity == .taskwise ? 1 : layers.count
    let arranged = bank.tasks.flatMap { task in
      let row = tasks.firstIndex(of: task)!
      return values[row * rowLength..<(row + 1) * rowLength]
    }
    return MergingCoefficients(
      granularity, tasks: bank.tasks, layers: layers, values: arranged, density: density,
      drop: drop)
  }
}

extension MergingCoefficients: Codable {
  private enum CodingKeys: String, CodingKey {
    case granularity, tasks, layers, values, density, drop
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func refuse(_ key: CodingKeys, _ reason: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
    }
    let granularity = try container.decode(Granularity.self, forKey: .granularity)
    let tasks = try container.decode([String].self, forKey: .tasks)
    let layers = try container.decode([String].self, forKey: .layers)
    let density = try container.decodeIfPresent(Double.self, forKey: .density)
    var values: [Double]
    switch granularity {
    case .taskwise: values = try container.decode([Double].self, forKey: .values)
    case .layerwise:
      let rows = try container.decode([[Double]].self, forKey: .values)
      guard rows.allSatisfy({ $0.count == layers.count }) else {
        throw refuse(.values, "each task needs a value for each of the \(layers.count) layers")
      }
      values = rows.flatMap { $0 }
    }
    guard values.count == tasks.count * (granularity == .taskwise ? 1 : layers.count) else {
      throw refuse(.values, "\(tasks.count) tasks need as many values")
    }
    guard Set(tasks).count == tasks.count else { throw refuse(.tasks, "a task stands twice") }
    guard Set(layers).count == layers.count else { throw refuse(.layers, "a layer stands twice") }
    if let density, !(density > 0 && density <= 1) {
      throw refuse(.density, "the density is a share above 0 and up to 1")
    }
    let drop = try container.decodeIfPresent(RandomDrop.self, forKey: .drop)
    if let drop, !RandomDrop.rates.contains(drop.rate) {
      throw refuse(.drop, "the rate is a share from 0 on and below 1")
    }
    self.init(
      granularity, tasks: tasks, layers: layers, values: values, density: density, drop: drop)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(granularity, forKey: .granularity)
    try container.encode(tasks, forKey: .tasks)
    try container.encode(layers, forKey: .layers)
    try container.encodeIfPresent(density, forKey: .density)
    try container.encodeIfPresent(drop, forKey: .drop)
    switch granularity {
    case .taskwise: try container.encode(values, forKey: .values)
    case .layerwise:
      let rows = tasks.indices.map { Array(values[$0 * layers.count..<($0 + 1) * layers.count]) }
      try container.encode(rows, forKey: .values)
    }
  }

  /// Reads a file that `write` wrote.
  ///
  /// - Throws: `unreadable`, also for coefficients that contradict themselves.
  public init(contentsOf path: String) throws(MergingError) {
    do {
      let data = Data(try InputFile.bytes(path, limit: .textBytes))
      self = try JSONDecoder().decode(Self.self, from: data)
    } catch {
      throw .unreadable(path: path, reason: Self.reason(error))
    }
  }

  /// Writes the coefficients to `path`: whole or not at all.
  public func write(to path: String) throws(MergingError) {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: Self.reason(error))
    }
  }

  /// What is wrong with a file of JSON, by place.
  static func reason(_ error: any Error) -> String {
    (error as? DecodingError)?.reason ?? (error as? InputError)?.description
      ?? FileReason.of(error)
  }
}
