public import Checkpoints
public import Datasets
internal import Foundation
public import Imaging
public import Merging
public import Streams
internal import TensorCore
public import VisionModels

/// A task with its images listed and its head loaded.
public struct OpenTask: Sendable {
  public let task: TaskFiles
  public let images: ImageDataset
  /// As places among the head's classes.
  let labels: Labels
  public let head: ClassificationHead
  let headHash: String
  /// What the images held when they were listed.
  let contents: ImageContents
  /// The images that are not among these because they can't be read; nil: none.
  public let skipped: SkippedImages?

  public var name: String { task.name }
}

/// A suite opened for measuring: the base model in memory, every task's images listed, labels
/// matched and heads loaded, everything checked against everything.
public struct Workbench: Sendable {
  public let suite: TaskSuite
  /// What results call the model.
  public let backbone: String
  public let encoder: VisionTransformer
  public var base: StateDict { baseModel.parameters }
  /// The base model as it came, so that merged ones are written like it.
  public let baseModel: VisionCheckpoint
  public let preprocessing: Preprocessing
  let baseHash: String
  private let tasks: [String: OpenTask]
  private let expertHashes: [String: String]

  /// Opens the tasks `tasks` of the suite.
  ///
  /// - Parameters:
  ///   - needsExperts: whether the tasks' experts have to be there too.
  ///   - file: what the error names; the suite's file unless told.
  ///   - problems: what else is wrong with the plan, so that all is listed at once.
  /// - Throws: `unsuitable` with everything that is missing or doesn't fit.
  public init(
    _ suite: TaskSuite, tasks names: [String], needsExperts: Bool = true,
    file: String? = nil, problems others: [String] = []
  ) throws(EvaluationError) {
    var problems = others
    var opened: [String: OpenTask] = [:]
    var expertHashes: [String: String] = [:]
    var base: VisionCheckpoint?
    var baseHash = ""
    var preprocessing: Preprocessing?
    func check(
      _ place: SuitePlace, at path: String? = nil, _ work: () throws(EvaluationError) -> Void
    ) {
      if let path, let missing = suite.missing(place, at: path) { return problems.append(missing) }
      do {
        try work()
      } catch {
        problems += suite.problems(place, error)
      }
    }
    check(SuitePlace(.base), at: suite.base) { () throws(EvaluationError) in
      baseHash = try Self.weightsHash(suite.base, suite.loading)
      base = try Self.load(suite.base, suite.loading)
      try Self.checkUnchanged(suite.base, suite.loading, hash: baseHash)
      preprocessing = try base?.imagePreprocessing(suite.base)
    }
    for name in names {
      guard let task = suite[name] else {
        problems.append(
          "\(EvaluationError.unknownTask(name, suite: suite.file, known: suite.tasks.map(\.name)))")
        continue
      }
      var head: (head: ClassificationHead, hash: String)?
      check(SuitePlace(.head, of: name), at: task.head) { () throws(EvaluationError) in
        let loaded = try Self.head(task)
        head = loaded
        if let base { try Self.check(loaded.head, of: task, against: base.configuration) }
      }
      check(SuitePlace(.images, of: name)) { () throws(EvaluationError) in
        opened[name] = try Self.open(task, head: head, skipsUnreadable: suite.skipsUnreadable)
      }
      guard needsExperts else { continue }
      check(SuitePlace(.expert, of: name), at: task.expert) { () throws(EvaluationError) in
        if let base {
          try Self.check(task.expert, suite.loading, against: base, at: suite.base)
          // Refuses what is not finite.
          _ = try Self.load(task.expert, suite.loading, completing: base)
        } else {
          try Self.checkFinite(task.expert, suite.loading)
        }
        expertHashes[name] = try Self.weightsHash(task.expert, suite.loading)
      }
    }
    guard problems.isEmpty, let base, let preprocessing else {
      throw .unsuitable(file: file ?? suite.file, problems: problems)
    }
    self.suite = suite
    backbone = suite.backbone ?? BackboneCatalog.name(of: base.configuration)
    self.tasks = opened
    self.expertHashes = expertHashes
    self.baseHash = baseHash
    baseModel = base
    encoder = VisionTransformer(configuration: base.configuration)
    self.preprocessing = suite.adjusted(preprocessing)
  }

  /// A task that was opened.
  public subscript(task: String) -> OpenTask {
    guard let open = tasks[task] else { preconditionFailure("task \(task) was not opened") }
    return open
  }

  /// What was left out of the opened tasks, in the order of the suite.
  public var skippedImages: [SkippedImages] {
    suite.tasks.compactMap { tasks[$0.name]?.skipped }
  }

  /// The hash of the base model, of the experts of `experts` and of the heads of `heads`.
  package func weightsHash(experts: [String], heads: [String]) -> String {
    ContentHashing.joined(
      [baseHash] + (suite.taskVectors == .float32 ? [] : [suite.taskVectors.rawValue])
        + experts.map { "\($0) \(expertHashes[$0]!)" }
        + heads.map { "\($0) \(self[$0].headHash)" })
  }

  /// The hash of the images and labels of `tasks`.
  func dataHash(_ tasks: [String]) -> String {
    ContentHashing.joined(tasks.map { "\($0) \(self[$0].contents.hash)" })
  }

  /// The parameters of a checkpoint, of the base model's sizes; without a projection of its own it
  /// gets the base model's.
  public func parameters(of path: String) throws(EvaluationError) -> StateDict {
    let checkpoint = try Self.load(path, suite.loading, completing: baseModel)
    try Self.check(
      checkpoint.configuration, of: path, against: encoder.configuration, at: suite.base)
    return checkpoint.parameters
  }

  /// The task vectors of the experts of `tasks`.
  public func bank(of tasks: [String]) throws(EvaluationError) -> TaskVectorBank {
    var bank: TaskVectorBank
    do {
      bank = try TaskVectorBank(base: base, precision: suite.taskVectors)
    } catch {
      throw .merging(error)
    }
    for task in tasks {
      let path = self[task].task.expert
      let hash = expertHashes[task]
      let expert: StateDict
      do {
        expert = try parameters(of: path)
      } catch {
        // It could be loaded when the workbench was opened.
        if let hash { try Self.checkUnchanged(path, suite.loading, hash: hash) }
        throw error
      }
      if let hash { try Self.checkUnchanged(path, suite.loading, hash: hash) }
      do {
        try bank.append(task, expert)
      } catch {
        throw .merging(error)
      }
    }
    return bank
  }

  /// A task's images, prepared in memory or a temporary file.
  public func prepare(
    _ task: String, by preprocessor: Preprocessor, memoryLimit: Int = 2 << 30
  ) throws(EvaluationError) -> PreparedImages {
    let open = self[task]
    return try PreparedImages(
      of: open.images.samples, contents: open.contents.images,
      by: PhasePreprocessor(preprocessor), memoryLimit: memoryLimit
    ) { _ in }
  }

  /// A task as a method that adapts sees it: unlabeled batches and a head.
  ///
  /// - Parameter taken: told the size of each batch that is taken.
  public func adaptationTask(
    _ task: String, images: PreparedImages, domain: Domain, settings: AdaMergingSettings,
    seed: UInt64, taken: @escaping @Sendable (_ images: Int) -> Void = { _ in }
  ) -> AdaptationData.Task {
    let stream = TestStream(
      of: self[task].images, domain: domain, batchSize: settings.batchSize,
      order: settings.streamOrder, seed: seed)
    return AdaptationData.Task(
      name: task, head: self[task].head,
      batches: StreamBatches(stream, images: images, taken: taken))
  }

  /// The head's outputs on prepared images, batch by batch.
  private func forEachBatch(
    _ images: PreparedImages, of task: String, indices: SampleIndices?, parameters: StateDict,
    _ body: (Predictions) -> Void
  ) {
    let open = self[task]
    let ids = open.images.samples.ids
    precondition(images.count == open.images.count, "the task's own images")
    let batchSize = 64
    let count = indices?.count ?? images.count
    for start in stride(from: 0, to: count, by: batchSize) {
      let range = start..<min(start + batchSize, count)
      let places = indices?.elements(range) ?? Array(range)
      let features = encoder.features(of: images.batch(places), parameters: parameters)
      body(
        Predictions(
          samples: indices == nil ? ids.elements(range) : places.map { ids[$0] },
          logits: open.head.logits(of: features)))
    }
  }

  /// Predicts prepared images and scores the predictions batch by batch, so that memory does not grow
  /// with images times classes.
  ///
  /// - Parameters:
  ///   - model: what messages call it.
  ///   - indices: of those that are predicted, ascending; nil: all.
  ///   - parameters: of the encoder.
  ///   - taken: told the number of images of each batch when it is done.
  /// - Throws: `nonFiniteOutputs`.
  public func score(
    _ images: PreparedImages, of task: String, by model: String, indices: SampleIndices? = nil,
    parameters: StateDict, taken: (_ images: Int) -> Void = { _ in }
  ) throws(EvaluationError) -> ScoredPredictions {
    let open = self[task]
    var scorer = PredictionScorer(classCount: open.labels.classNames.count)
    forEachBatch(images, of: task, indices: indices, parameters: parameters) { batch in
      scorer.append(batch, labels: open.labels)
      taken(batch.count)
    }
    try scorer.checkFinite(task, by: model) { place in
      encoder.firstNonFiniteLayer(
        of: images.batch([indices?[place] ?? place]), parameters: parameters)
    }
    let ids = open.images.samples.ids
    return scorer.scored(indices.map { SampleIDs($0.lazy.map { ids[$0] }) } ?? ids)
  }
}
