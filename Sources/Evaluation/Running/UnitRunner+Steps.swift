internal import Merging
internal import Results
internal import Streams
internal import TensorCore

/// Adaptations that learn step by step.
extension UnitRunner {
  /// Goes through the stream once and evaluates each of `pending` when its phase is finished; stops
  /// after the last one.
  mutating func adapt(
    _ method: AdaMerging, _ adaptation: Adaptation, _ pending: [PlannedCell],
    progress: @escaping Progress,
    finish: (PlannedCell, CellResult) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    var stream = try suiteStream(adaptation, method.settings)
    let plan = stream.plan
    let phases = plan.shift.phases
    let bank = try bank(of: adaptation.seen)
    adaptationCount += 1
    var run = try Self.merging { () throws(MergingError) in
      try AdaMergingRun(method, bank: bank, encoder: workbench.encoder)
    }
    var time = Duration.zero
    var peak = 0
    for (index, phase) in phases.enumerated() {
      guard pending.contains(where: { ($0.cell.boundary ?? phases.count) > index }) else { break }
      let due = pending.filter { ($0.cell.boundary ?? phases.count) == index + 1 }
      let prepared = try prepare(adaptation.seen, phase, adaptation, progress: progress)
      var online: [OnlineOrder: OnlineTally] = [:]
      for order in due.compactMap(\.cell.online) { online[order] = OnlineTally() }
      let start = run.state.steps
      PeakMemory.reset()
      for _ in 0..<stream.stepsPerPhase {
        let batches = stream.next()
        time += try step(&run, batches, prepared, &online)
        let count = Double(batches.reduce(0) { $0 + $1.items.count })
        progress(
          "\(adaptation.method.title), \(phase.text)",
          (WorkMeter.adaptationWeight + Double(online.count)) * count)
      }
      peak = max(peak, PeakMemory.bytes)
      guard !due.isEmpty else { continue }
      let seconds = time / .seconds(1)
      var adapted = AdaptedModel(
        merged: try Self.merging { () throws(MergingError) in try run.model() },
        seconds: seconds, peakMemoryBytes: peak)
      for planned in due {
        let tally = planned.cell.online.map { online[$0]! }
        let isWhole = planned.cell.boundary == nil && tally == nil
        adapted.summary = AdaptationSummary(
          run, steps: (isWhole ? 0 : start)..<run.state.steps, seconds: seconds, online: tally)
        let result =
          if let tally {
            measure(planned, adapted, tally)
          } else {
            try evaluate(planned, adapted, progress: progress)
          }
        try finish(planned, result)
      }
    }
  }

  /// One step, and the predictions that are asked for before and after it.
  ///
  /// - Returns: how long the step took, without the predictions.
  private func step(
    _ run: inout AdaMergingRun, _ batches: [SuiteStream.Batch],
    _ prepared: [String: PreparedImages], _ online: inout [OnlineOrder: OnlineTally]
  ) throws(EvaluationError) -> Duration {
    let clock = ContinuousClock()
    let begin = clock.now
    let pixels = batches.map { prepared[$0.task]!.batch($0.items.map(\.index)) }
    var time = clock.now - begin
    try predict(.predictThenAdapt, run, batches, pixels, &online)
    let stepBegin = clock.now
    do {
      try run.step(zip(batches, pixels).map { ($0.task, workbench[$0.task].head, $1) })
    } catch {
      throw .merging(error)
    }
    time += clock.now - stepBegin
    try predict(.adaptThenPredict, run, batches, pixels, &online)
    return time
  }

  private func predict(
    _ order: OnlineOrder, _ run: AdaMergingRun, _ batches: [SuiteStream.Batch],
    _ pixels: [Tensor], _ online: inout [OnlineOrder: OnlineTally]
  ) throws(EvaluationError) {
    guard online[order] != nil else { return }
    let model = try Self.merging { () throws(MergingError) in try run.model() }
    online[order]!.predict(batches, images: pixels, parameters: model.shared, on: workbench)
  }

  private func suiteStream(
    _ adaptation: Adaptation, _ settings: AdaMergingSettings
  ) throws(EvaluationError) -> SuiteStream {
    let plan = adaptation.stream!
    var tasks: [SuiteStream.Task] = []
    for task in adaptation.seen {
      tasks.append(
        SuiteStream.Task(
          images: workbench[task].images, selection: try selection(task, plan, adaptation.seed)))
    }
    return SuiteStream(
      plan, tasks: tasks, batchSize: settings.batchSize, batchesPerStep: settings.batchesPerStep,
      reshuffles: settings.preset == .paper, stepsPerPhase: settings.steps, seed: adaptation.seed)
  }
}
