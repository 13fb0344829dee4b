internal import Merging
internal import Results
internal import Streams
internal import TensorCore

/// Adaptations that learn step by step.
extension UnitRunner {
  /// Goes through the stream once and evaluates each of `pending` when its phase is finished; stops
  /// after the last one. Goes on from the state that was kept of the unit, if there is one, and keeps
  /// it now and then and when it is asked to stop.
  mutating func adapt(
    _ method: AdaMerging, _ unit: RunUnit, _ pending: [PlannedCell],
    progress: @escaping Progress,
    finish: (PlannedCell, CellResult) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    let adaptation = unit.adaptation
    var stream = try suiteStream(adaptation, method.settings)
    let phases = stream.plan.shift.phases
    let bank = try bank(of: adaptation.seen)
    adaptationCount += 1
    let origin = identity.ingredients(of: adaptation)
    let kept = continuation.state(of: unit.key, origin: origin).flatMap { state in
      state.serves(pending, stepsPerPhase: stream.stepsPerPhase, phases: phases.count)
        && state.online.values.allSatisfy { $0.isOf(workbench, tasks: adaptation.seen) }
        ? state : nil
    }
    var run = try Self.merging { () throws(MergingError) in
      try AdaMergingRun(
        method, bank: bank, encoder: workbench.encoder, resuming: kept?.checkpoint.state)
    }
    for _ in 0..<run.state.steps { _ = stream.next() }
    var time = Duration.seconds(kept?.seconds ?? 0)
    var peak = kept?.peakMemoryBytes ?? 0
    var online: [OnlineOrder: OnlineTally] = [:]
    var lastKept = ContinuousClock.now
    func keep() throws(EvaluationError) {
      let tallies = online.map { ($0.key.rawValue, $0.value) }
      try continuation.keep(
        AdaptationState(
          checkpoint: AdaptationCheckpoint(origin: origin, state: run.state),
          seconds: time / .seconds(1), peakMemoryBytes: max(peak, PeakMemory.bytes),
          online: Dictionary(uniqueKeysWithValues: tallies)), of: unit.key)
      lastKept = .now
    }
    for (index, phase) in phases.enumerated() {
      guard pending.contains(where: { ($0.cell.boundary ?? phases.count) > index }) else { break }
      let due = pending.filter { ($0.cell.boundary ?? phases.count) == index + 1 }
      let start = index * stream.stepsPerPhase
      let end = start + stream.stepsPerPhase
      // Of a run that goes on: phases that were over, with nothing left to evaluate.
      if run.state.steps >= end, due.isEmpty { continue }
      let prepared = try prepare(adaptation.seen, phase, adaptation, progress: progress)
      online = [:]
      for order in due.compactMap(\.cell.online) {
        online[order] =
          run.state.steps > start ? kept?.online[order.rawValue] ?? OnlineTally() : OnlineTally()
      }
      PeakMemory.reset()
      while run.state.steps < end {
        if continuation.isStopping() {
          try keep()
          throw .interrupted
        }
        if ContinuousClock.now - lastKept >= continuation.interval { try keep() }
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
        let result: CellResult
        if let tally {
          result = measure(planned, adapted, tally)
        } else {
          do throws(EvaluationError) {
            result = try evaluate(planned, adapted, progress: progress)
          } catch .interrupted {
            try keep()
            throw .interrupted
          }
        }
        try finish(planned, result)
      }
    }
    continuation.forget(unit.key)
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
