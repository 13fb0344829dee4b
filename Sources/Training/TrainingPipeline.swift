internal import Checkpoints
public import Imaging
public import TensorCore
internal import VisionModels

/// The parts of a training, in their order.
public enum TrainingStage: String, Sendable, CaseIterable {
  /// The base model, on the mixture of all tasks, each with a temporary head.
  case pretrain
  /// A linear probe of the base model for each task.
  case heads
  /// The base model fine-tuned on each task, its head frozen.
  case experts
}

/// Makes a base model, heads and experts for a set of tasks: what merging starts from. A stage whose
/// result lies in the output folder is not repeated; an interrupted one goes on where its last saved
/// state was, with the same result as if it had never stopped.
public struct TrainingPipeline: Sendable {
  public let tasks: [TrainingTask]
  public let settings: TrainingSettings
  public let folder: TrainingFolder
  /// Every so many steps the state of a stage is saved.
  public var savingInterval = 200
  /// The storage type of the checkpoints. Experts start from the base as stored, so that a task
  /// vector holds what was learned and no rounding of the base.
  public var storage: DType = .float16

  let preprocessing: Preprocessing
  let base: GivenBase?
  let encoder: VisionTransformer
  let fingerprint: String

  /// - Parameter base: where heads and experts start; nil: from a model of the settings' sizes,
  ///   which is pretrained first.
  /// - Throws: `TrainingError.setting` for settings that make no sense.
  public init(
    tasks: [TrainingTask], settings: TrainingSettings, folder: TrainingFolder,
    base: GivenBase? = nil
  ) throws(TrainingError) {
    var settings = settings
    if let base {
      settings.base = base.hash
      settings.model = ModelSettings(base.checkpoint.configuration)
      // Its own experts differ from it by less than 16 bits show.
      storage = .float32
    }
    guard !tasks.isEmpty else { throw .setting(name: "tasks", reason: "none given") }
    for (index, task) in tasks.enumerated()
    where tasks[..<index].contains(where: { $0.name == task.name }) {
      throw .setting(name: "tasks", reason: "'\(task.name)' is given twice")
    }
    try settings.validate()
    self.tasks = tasks
    self.settings = settings
    self.folder = folder
    self.base = base
    let sizes = try settings.model.configuration()
    encoder = VisionTransformer(configuration: base?.checkpoint.configuration ?? sizes)
    preprocessing = base?.preprocessing ?? Self.preprocessing(settings.model)
    fingerprint = try TrainingRecord(settings: settings, tasks: tasks).fingerprint
  }

  /// How images are brought to the model's input: CLIP's way at its size.
  public static func preprocessing(_ model: ModelSettings) -> Preprocessing {
    Preprocessing(imageSize: model.imageSize)
  }

  /// Runs the stages that are not done yet, in their order.
  ///
  /// - Parameter observe: is told what goes on, on this thread.
  /// - Returns: the record, with the accuracies once there are experts.
  @discardableResult
  public func run(
    _ stages: Set<TrainingStage> = Set(TrainingStage.allCases),
    observe: (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> TrainingRecord {
    var record = try begunRecord()
    for stage in TrainingStage.allCases where stages.contains(stage) {
      switch stage {
      case .pretrain: try pretrain(&record, observe)
      case .heads: try learnHeads(&record, observe)
      case .experts: try fineTune(&record, observe)
      }
    }
    if record.validation.isEmpty, try isComplete() {
      record.validation = try validate()
      try record.write(to: folder.record)
    }
    return record
  }

  /// The record in the output folder, or a new one there.
  private func begunRecord() throws(TrainingError) -> TrainingRecord {
    if folder.exists(folder.record) {
      let record = try TrainingRecord.load(folder.record)
      guard try record.fingerprint == fingerprint else {
        throw .otherSettings(path: folder.path)
      }
      return record
    }
    let record = TrainingRecord(settings: settings, tasks: tasks)
    try folder.createFolder(of: folder.record)
    try record.write(to: folder.record)
    return record
  }

  private func isComplete() throws(TrainingError) -> Bool {
    tasks.allSatisfy { task in
      folder.hasCheckpoint(folder.expert(task.name)) && folder.exists(folder.head(task.name))
    }
  }
}
