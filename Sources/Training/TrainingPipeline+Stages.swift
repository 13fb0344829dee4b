internal import Checkpoints
internal import Imaging
internal import TensorCore
internal import VisionModels

extension TrainingPipeline {
  func pretrain(
    _ record: inout TrainingRecord, _ observe: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    let stage = TrainingStage.pretrain.rawValue
    if folder.hasCheckpoint(folder.base) {
      observe(.skipped(stage: stage))
      return
    }
    if let base {
      observe(.began(stage: stage, step: 0, of: 0))
      try write(base.checkpoint.parameters, to: folder.base)
      return try finish(stage, 0, &record, observe)
    }
    let seed = settings.seed
    let heads = tasks.map { task in
      (name: task.name, shape: Shape([task.classNames.count, encoder.embeddingWidth]))
    }
    var headWeights = StateDict(zeros: ParameterLayout(heads))
    for entry in headWeights.layout.entries {
      var random = KeyedRandom(seed: seed, "initialization", "head", entry.name)
      headWeights[entry.name] = Tensor(
        shape: entry.shape, values: random.normals(entry.shape.count).map { Float($0) })
    }
    var random = KeyedRandom(seed: seed, "initialization", "encoder")
    var training = EncoderTraining(
      stage: stage, encoder: encoder, preprocessing: preprocessing, tasks: tasks,
      settings: settings.pretraining, seed: seed,
      trunk: encoder.initialParameters(random: &random),
      heads: headWeights, logitScale: settings.logitScale, learnsHeads: true)
    let seconds = try run(&training, observe)
    try write(training.state.trunk, to: folder.base)
    try finish(stage, seconds, &record, observe)
  }

  func learnHeads(
    _ record: inout TrainingRecord, _ observe: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    let base = try checkpoint(folder.base, needed: .pretrain)
    let extraction = FeatureExtraction(encoder: encoder, preprocessing: preprocessing)
    for task in tasks {
      let stage = "\(TrainingStage.heads.rawValue)/\(task.name)"
      let path = folder.head(task.name)
      if folder.exists(path) {
        observe(.skipped(stage: stage))
        continue
      }
      observe(.began(stage: stage, step: 0, of: settings.probe.steps))
      let meter = ProgressMeter(stage: stage, step: 0, of: settings.probe.steps)
      let seed = settings.seed
      let indices = SampleOrder(
        seed: seed, stage: stage, task: task.name, labels: task.train.labels,
        used: settings.probe.imagesPerTask
      ).subset
      var features: [Tensor] = []
      var labels: [Int] = []
      for view in 0...settings.probe.views {
        let draws: @Sendable (Int) -> KeyedRandom = { index in
          KeyedRandom(seed: seed, stage, "view", "\(view)", "\(index)")
        }
        let (values, targets) = extraction.features(
          of: task.train, indices: indices, parameters: base,
          augmentation: task.augmentation, random: view == 0 ? nil : draws)
        features.append(values)
        labels += targets
      }
      let classifier = LinearProbe.train(
        features: Tensor.concatenating(features), labels: labels,
        classCount: task.classNames.count, settings: settings.probe,
        logitScale: settings.logitScale, seed: seed, path: stage)
      let head = ClassificationHead(
        classNames: task.classNames, weights: classifier.normalizedWeights,
        logitScale: settings.logitScale)
      try folder.createFolder(of: path)
      do {
        try head.write(to: path, dtype: storage)
      } catch {
        throw .file(path: path, reason: "\(error)")
      }
      try finish(stage, meter.seconds, &record, observe)
    }
  }

  func fineTune(
    _ record: inout TrainingRecord, _ observe: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    let base = try checkpoint(folder.base, needed: .pretrain)
    for task in tasks {
      let stage = "\(TrainingStage.experts.rawValue)/\(task.name)"
      if folder.hasCheckpoint(folder.expert(task.name)) {
        observe(.skipped(stage: stage))
        continue
      }
      let head = try classifier(of: task)
      let layout = ParameterLayout([(name: task.name, shape: head.weights.shape)])
      var training = EncoderTraining(
        stage: stage, encoder: encoder, preprocessing: preprocessing, tasks: [task],
        settings: settings.experts, seed: settings.seed, trunk: base,
        heads: StateDict(layout: layout, values: head.weights.values),
        logitScale: head.scale, learnsHeads: false)
      let seconds = try run(&training, observe)
      try write(training.state.trunk, to: folder.expert(task.name))
      try finish(stage, seconds, &record, observe)
    }
  }

  /// Makes a training's steps from its last saved state on; returns this run's seconds.
  private func run(
    _ training: inout EncoderTraining<VisionTransformer>, _ observe: (TrainingEvent) -> Void
  ) throws(TrainingError) -> Double {
    let path = folder.resumption(training.stage)
    let name = "\(fingerprint)/\(training.stage)"
    try folder.createFolder(of: path)
    if folder.exists(path) { try training.state.restore(from: path, fingerprint: name) }
    let total = training.settings.steps
    observe(.began(stage: training.stage, step: training.state.step, of: total))
    var meter = ProgressMeter(stage: training.stage, step: training.state.step, of: total)
    while !training.isFinished {
      let outcome = try training.advance()
      let step = training.state.step
      observe(
        .progress(
          meter.record(
            step: step, loss: outcome.loss, accuracy: outcome.accuracy,
            imageCount: outcome.imageCount)))
      if step % savingInterval == 0 && step < total {
        try training.state.save(to: path, fingerprint: name)
      }
    }
    return meter.seconds
  }

  private func finish(
    _ stage: String, _ seconds: Double, _ record: inout TrainingRecord,
    _ observe: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    folder.removeResumption(stage)
    record.stages.removeAll { $0.name == stage }
    record.stages.append(.init(name: stage, seconds: (seconds * 10).rounded() / 10))
    record.validation = []
    try record.write(to: folder.record)
    observe(.finished(stage: stage, seconds: seconds))
  }
}
