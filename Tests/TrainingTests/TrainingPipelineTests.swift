import Checkpoints
import Datasets
import Foundation
import Imaging
import TensorCore
import TestSupport
import Testing
import Training
import VisionModels

/// Tasks that a tiny model learns in seconds: how bright an image is, which colour dominates.
private struct ToyDataset: TrainingDataset {
  let classNames: [String]
  let count: Int
  let seed: UInt64
  let isColored: Bool

  func sample(_ index: Int) -> TrainingSample {
    let label = index % classNames.count
    var random = KeyedRandom(seed: seed, "toy", "\(index)")
    let base = isColored ? random.integer(in: 20..<80) : 20 + 80 * label
    var pixels: [UInt8] = []
    for _ in 0..<16 * 16 {
      for channel in 0..<3 {
        let isBright = isColored && channel == label
        let noise = random.integer(in: 0..<30)
        pixels.append(UInt8(base + noise + (isBright ? 100 : 0)))
      }
    }
    return TrainingSample(
      image: PixelImage(width: 16, height: 16, pixels: pixels), label: label)
  }

  static func task(_ name: String, isColored: Bool) -> TrainingTask {
    func pool(_ count: Int, _ seed: UInt64) -> PooledDataset {
      PooledDataset(
        ToyDataset(
          classNames: isColored ? ["red", "green", "blue"] : ["dark", "grey", "bright"],
          count: count, seed: seed, isColored: isColored))
    }
    return TrainingTask(
      name: name, train: pool(60, 1), validation: pool(30, 2),
      augmentation: Augmentation(tone: 0.02))
  }
}

@Suite("Training pipeline")
struct TrainingPipelineTests {
  private let tasks = [
    ToyDataset.task("shades", isColored: false), ToyDataset.task("colors", isColored: true),
  ]
  private let settings = TrainingSettings(
    seed: 5,
    model: ModelSettings(
      imageSize: 16, patchSize: 8, width: 16, layers: 1, heads: 2, mlpWidth: 32,
      embeddingWidth: 8),
    logitScale: 15,
    pretraining: OptimizationSettings(steps: 12, batchSize: 16, learningRate: 3e-3),
    probe: ProbeSettings(steps: 30, batchSize: 32, views: 1),
    experts: OptimizationSettings(steps: 80, batchSize: 16, learningRate: 5e-3))

  private func pipeline(
    _ folder: TrainingFolder, _ settings: TrainingSettings? = nil
  ) throws(TrainingError) -> TrainingPipeline {
    var pipeline = try TrainingPipeline(
      tasks: tasks, settings: settings ?? self.settings, folder: folder)
    pipeline.savingInterval = 5
    return pipeline
  }

  @Test("A given base takes the place of pretraining, and heads can be class means of its features")
  func givenBase() throws {
    let configuration = ViTConfiguration(
      imageSize: 16, patchSize: 8, width: 12, layerCount: 1, headCount: 2, mlpWidth: 24,
      embeddingWidth: nil, activation: .gelu, layerNormEpsilon: 1e-6, family: .dinov2)
    var random = KeyedRandom(seed: 2, "given base")
    let checkpoint = VisionCheckpoint(
      configuration: configuration,
      parameters: VisionTransformer(configuration: configuration)
        .initialParameters(random: &random))
    let preprocessing = Preprocessing(imageSize: 16, mean: [0.5, 0.5, 0.5])
    let temporary = try TemporaryFolder()
    let folder = TrainingFolder(temporary.path)
    var short = settings
    short.probe = ProbeSettings(steps: 0, views: 0)
    short.experts.steps = 3
    short.experts.warmupSteps = 0
    let pipeline = try TrainingPipeline(
      tasks: tasks, settings: short, folder: folder,
      base: GivenBase(checkpoint, preprocessing: preprocessing))
    let record = try pipeline.run()
    #expect(record.settings.model.width == 12 && record.settings.base != nil)
    let base = try VisionCheckpoint.load(folder.base)
    #expect(base == checkpoint)
    let expert = try VisionCheckpoint.load(folder.expert("shades"))
    #expect(expert.configuration == configuration && expert.parameters != base.parameters)

    // By hand: the mean of the unit features of each class, of length 1.
    let train = tasks[0].train
    let samples = (0..<train.count).map { train.sample($0) }
    let features = VisionTransformer(configuration: configuration)
      .features(of: preprocessing.normalize(samples.map(\.image)), parameters: base.parameters)
    var sums = [[Float]](repeating: [Float](repeating: 0, count: 12), count: 3)
    for (row, sample) in samples.enumerated() {
      let values = features.rows(row..<row + 1).values
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for (index, value) in values.enumerated() { sums[sample.label][index] += value / length }
    }
    let head = try ClassificationHead(contentsOf: folder.head("shades"))
    for (label, sum) in sums.enumerated() {
      let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for (index, value) in sum.enumerated() {
        #expect(abs(head.weights.values[12 * label + index] - value / length) < 1e-5)
      }
    }

    // Another base is another training.
    var other = checkpoint
    other.parameters.values[0] += 1
    let another = try TrainingPipeline(
      tasks: tasks, settings: short, folder: folder,
      base: GivenBase(other, preprocessing: preprocessing))
    #expect(throws: TrainingError.otherSettings(path: folder.path)) { try another.run() }
  }

  @Test("Experts learn their tasks, and the folder holds a base, experts, heads and a record")
  func learns() throws {
    let temporary = try TemporaryFolder()
    let folder = TrainingFolder(temporary.path)
    var longer = settings
    longer.pretraining = OptimizationSettings(steps: 150, batchSize: 32, learningRate: 3e-3)
    longer.experts = OptimizationSettings(steps: 250, batchSize: 16, learningRate: 2e-3)
    let record = try pipeline(folder, longer).run()
    #expect(record.validation.map(\.task) == ["shades", "colors"])
    for accuracy in record.validation {
      #expect(accuracy.expert > 0.9, "\(accuracy)")
      #expect(accuracy.expert >= accuracy.base, "\(accuracy)")
    }
    let base = try VisionCheckpoint.load(directory: folder.base)
    let expert = try VisionCheckpoint.load(directory: folder.expert("shades"))
    #expect(base.configuration == expert.configuration)
    #expect(base.parameters.layout == expert.parameters.layout)
    #expect(base.parameters != expert.parameters)
    let head = try ClassificationHead(contentsOf: folder.head("colors"))
    #expect(head.classNames == ["red", "green", "blue"])
    #expect(head.logitScale == 15)
    for row in 0..<3 {
      let squares = head.weights.rows(row..<row + 1).values.map { $0 * $0 }
      #expect(abs(squares.reduce(0, +) - 1) < 1e-3)
    }
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.unfinished"))
    #expect(
      record.stages.map(\.name) == [
        "pretrain", "heads/shades", "heads/colors", "experts/shades", "experts/colors",
      ])
  }

  @Test("A second run repeats no stage")
  func repeats() throws {
    let temporary = try TemporaryFolder()
    let folder = TrainingFolder(temporary.path)
    let first = try pipeline(folder).run()
    var skipped = 0
    let second = try pipeline(folder).run { event in
      if case .skipped = event { skipped += 1 } else { Issue.record("\(event)") }
    }
    #expect(skipped == 5)
    #expect(second == first)
  }

  @Test("A training resumed after its saved state equals the uninterrupted one")
  func resumes() throws {
    let (temporary, more) = (try TemporaryFolder(), try TemporaryFolder())
    let whole = TrainingFolder(temporary.path)
    let parts = TrainingFolder(more.path)
    try pipeline(whole).run([.pretrain])
    // What an interrupted run leaves behind is its last saved state, of step 10 of 12.
    var step10 = Data()
    let saved = "\(parts.path)/.unfinished/pretrain.safetensors"
    try pipeline(parts).run([.pretrain]) { event in
      if case .progress(let progress) = event, progress.step == 11 {
        step10 = (try? Data(contentsOf: URL(filePath: saved))) ?? Data()
      }
    }
    #expect(!step10.isEmpty)
    try FileManager.default.removeItem(atPath: parts.base)
    try FileManager.default.createDirectory(
      atPath: "\(parts.path)/.unfinished", withIntermediateDirectories: true)
    try step10.write(to: URL(filePath: saved))
    var steps: [Int] = []
    try pipeline(parts).run([.pretrain]) { event in
      if case .progress(let progress) = event { steps.append(progress.step) }
    }
    #expect(steps == [11, 12])
    let expected = try VisionCheckpoint.load(directory: whole.base).parameters
    let resumed = try VisionCheckpoint.load(directory: parts.base).parameters
    #expect(resumed == expected)
  }

  @Test("A saved state that is damaged is refused with its file and what is wrong")
  func damagedState() throws {
    let temporary = try TemporaryFolder()
    let folder = TrainingFolder(temporary.path)
    let saved = "\(folder.path)/.unfinished/pretrain.safetensors"
    var state = Data()
    try pipeline(folder).run([.pretrain]) { event in
      if case .progress(let progress) = event, progress.step == 11 {
        state = (try? Data(contentsOf: URL(filePath: saved))) ?? Data()
      }
    }
    try FileManager.default.removeItem(atPath: folder.base)
    for (changes, message) in [
      ([("\"step\":\"10\"", "\"step\":\"-1\"")], "its 'step' is -1, no number of steps"),
      // The tensors of the heads in the place of the encoder's.
      ([("\"trunk\":", "\"other\":"), ("\"heads\":", "\"trunk\":")], "'trunk' has"),
    ] {
      var damaged = state
      for (part, other) in changes {
        damaged.replaceSubrange(
          try #require(damaged.firstRange(of: Data(part.utf8))), with: Data(other.utf8))
      }
      try temporary.write(damaged, to: ".unfinished/pretrain.safetensors")
      let error = try #require(throws: TrainingError.self) { try pipeline(folder).run([.pretrain]) }
      #expect(error.description.contains("pretrain.safetensors: \(message)"), "\(error)")
    }
  }

  @Test("A folder of another training is refused")
  func otherSettings() throws {
    let temporary = try TemporaryFolder()
    let folder = TrainingFolder(temporary.path)
    try pipeline(folder).run([.pretrain])
    var changed = settings
    changed.pretraining.learningRate = 1e-3
    #expect(throws: TrainingError.otherSettings(path: folder.path)) {
      try pipeline(folder, changed).run()
    }
  }

  @Test("A record that is a pipe, or none, is refused by name and not waited for")
  func unreadableRecord() throws {
    let temporary = try TemporaryFolder()
    let folder = TrainingFolder(temporary.path)
    try temporary.write(Data("{}".utf8), to: "training.json")
    let empty = try #require(throws: TrainingError.self) { try pipeline(folder).run([.pretrain]) }
    #expect(empty.description.hasPrefix("\(folder.record): no record of a training"), "\(empty)")
    try FileManager.default.removeItem(atPath: folder.record)
    try #require(unsafe mkfifo(folder.record, 0o600) == 0)
    let pipe = try #require(throws: TrainingError.self) { try pipeline(folder).run([.pretrain]) }
    #expect(pipe.description.contains("it is a pipe, socket or device, not a file"), "\(pipe)")
  }

  @Test("A stage without what it needs names what is missing")
  func missingStages() throws {
    let temporary = try TemporaryFolder()
    let folder = TrainingFolder(temporary.path)
    #expect(throws: TrainingError.missingStage(needed: "pretrain", path: folder.base)) {
      try pipeline(folder).run([.heads])
    }
    try pipeline(folder).run([.pretrain])
    #expect(
      throws: TrainingError.missingStage(needed: "heads", path: folder.head("shades"))
    ) {
      try pipeline(folder).run([.experts])
    }
  }

  @Test("Settings that make no sense are refused")
  func badSettings() throws {
    func refused(_ change: (inout TrainingSettings) -> Void) -> String {
      var changed = settings
      change(&changed)
      do {
        _ = try TrainingPipeline(
          tasks: tasks, settings: changed, folder: TrainingFolder("unused"))
        return "accepted"
      } catch {
        return "\(error)"
      }
    }
    #expect(refused { $0.model.patchSize = 5 }.contains("does not divide the image size"))
    #expect(refused { $0.model.heads = 3 }.contains("do not divide the width"))
    #expect(refused { $0.model.layers = 0 }.contains("layers"))
    #expect(refused { $0.pretraining.steps = 0 }.contains("steps"))
    #expect(refused { $0.pretraining.warmupSteps = 100 }.contains("warm-up"))
    #expect(refused { $0.experts.learningRate = -1 }.contains("learning rate"))
    #expect(refused { $0.experts.labelSmoothing = 1 }.contains("label smoothing"))
    #expect(refused { $0.probe.batchSize = 0 }.contains("probe batch size"))
    #expect(refused { $0.logitScale = .nan }.contains("logit scale"))
    #expect(throws: TrainingError.setting(name: "tasks", reason: "'shades' is given twice")) {
      try TrainingPipeline(
        tasks: [tasks[0], tasks[0]], settings: settings, folder: TrainingFolder("unused"))
    }
    #expect(throws: TrainingError.setting(name: "tasks", reason: "none given")) {
      try TrainingPipeline(tasks: [], settings: settings, folder: TrainingFolder("unused"))
    }
  }

  @Test("A loss that is no number stops the training at its step")
  func diverges() throws {
    let temporary = try TemporaryFolder()
    let folder = TrainingFolder(temporary.path)
    var wild = settings
    wild.pretraining.learningRate = 1e30
    #expect {
      try pipeline(folder, wild).run([.pretrain])
    } throws: { error in
      guard case TrainingError.diverged("pretrain", let step) = error else { return false }
      return step > 0
    }
  }
}

@Suite("Suite description")
struct SuiteDescriptionTests {
  @Test("Names and paths are written so that YAML reads them as text")
  func yaml() {
    let description = SuiteDescription(
      name: "mine", backbone: "vit-mini",
      tasks: [
        ("digits", DatasetSource("images/digits/test")),
        ("7", DatasetSource("/my data/it's/test")),
      ])
    #expect(
      description.yaml == """
        name: mine
        backbone: vit-mini
        base: models/base
        tasks:
          - name: digits
            images: images/digits/test
            expert: models/experts/digits
            head: heads/digits.safetensors
          - name: '7'
            images: '/my data/it''s/test'
            expert: models/experts/7
            head: heads/7.safetensors

        """)
  }
}
