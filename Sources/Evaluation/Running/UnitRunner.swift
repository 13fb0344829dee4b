internal import Foundation
internal import Merging
internal import Results
internal import Streams
internal import TensorCore

/// Computes units one at a time: adapts once, evaluates every cell that asks for it.
struct UnitRunner: Sendable {
  /// What was done and how much of it, in the units of `WorkMeter`.
  typealias Progress = @Sendable (_ activity: String, _ units: Double) -> Void

  private let workbench: Workbench
  private let identity: CellIdentity
  var continuation: RunContinuation
  private(set) var images: RunImages
  private var bank: (experts: [String], bank: TaskVectorBank)?
  /// How many adaptations were made.
  private(set) var adaptationCount = 0

  init(_ identity: CellIdentity, images: RunImages, continuation: RunContinuation) {
    self.continuation = continuation
    workbench = identity.workbench
    self.identity = identity
    self.images = images
  }

  /// Computes `pending`, cells of `unit`; a cell that fails gets a record that says why.
  ///
  /// - Parameter finish: gets each result as soon as it is there.
  /// - Throws: only what keeps results from being made or kept: `result`, `cache`, `interrupted`.
  mutating func run(
    _ unit: RunUnit, _ pending: [PlannedCell], progress: @escaping Progress,
    finish: (PlannedCell, CellResult) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    var left = pending
    func keep(_ planned: PlannedCell, _ result: CellResult) throws(EvaluationError) {
      left.removeAll { $0.key == planned.key }
      try finish(planned, result)
    }
    do throws(EvaluationError) {
      let method = try unit.adaptation.method.makeMethod(unit.adaptation.settings)
      if let method = method as? AdaMerging, unit.adaptation.stream != nil {
        try adapt(method, unit, pending, progress: progress, finish: keep)
      } else {
        try mergeAtOnce(method, unit.adaptation, pending, progress: progress, finish: keep)
      }
    } catch .cache(let path, let reason) {
      // Not the cells' fault: nothing is recorded.
      throw .cache(path: path, reason: reason)
    } catch .result(let error) {
      throw .result(error)
    } catch .interrupted {
      throw .interrupted
    } catch {
      for planned in left {
        try finish(planned, result(of: planned, .failed(reason: "\(error)")))
      }
    }
  }

  // MARK: Merging

  /// A method that makes its model at once, with images or without.
  private mutating func mergeAtOnce(
    _ method: any MergingMethod, _ adaptation: Adaptation, _ pending: [PlannedCell],
    progress: @escaping Progress,
    finish: (PlannedCell, CellResult) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    guard let first = pending.first?.cell else { return }
    var data: AdaptationData?
    if let stream = adaptation.stream {
      let settings = (method as? any AdaptiveMethod)?.settings ?? adaptation.settings
      data = try calibrationData(adaptation, stream, settings, progress: progress)
      adaptationCount += 1
    }
    PeakMemory.reset()
    let clock = ContinuousClock()
    let start = clock.now
    let bank = try bank(of: CellIdentity.experts(of: first))
    let merged: MergedModel
    do {
      merged = try method.merge(bank, adaptingTo: data)
    } catch {
      throw .merging(error)
    }
    let adapted = AdaptedModel(
      merged: merged, seconds: (clock.now - start) / .seconds(1), peakMemoryBytes: PeakMemory.bytes)
    for planned in pending {
      try continuation.check()
      try finish(planned, try evaluate(planned, adapted, progress: progress))
    }
  }

  private mutating func calibrationData(
    _ adaptation: Adaptation, _ plan: StreamPlan, _ settings: AdaMergingSettings,
    progress: @escaping Progress
  ) throws(EvaluationError) -> AdaptationData {
    let prepared = try prepare(
      adaptation.seen, plan.shift.phases[0], adaptation, progress: progress)
    var tasks: [AdaptationData.Task] = []
    for task in adaptation.seen {
      let stream = TestStream(
        of: workbench[task].images, selection: try selection(task, plan, adaptation.seed),
        phase: plan.shift.phases[0], batchSize: settings.batchSize, order: settings.streamOrder,
        seed: adaptation.seed)
      let batches = StreamBatches(stream, images: prepared[task]!) { count in
        progress(
          "\(adaptation.method.title), \(plan.text)", WorkMeter.adaptationWeight * Double(count))
      }
      tasks.append(
        AdaptationData.Task(name: task, head: workbench[task].head, batches: batches))
    }
    return AdaptationData(encoder: workbench.encoder, tasks: tasks)
  }

  /// The experts of one set of tasks; the last set is kept.
  private mutating func bank(of experts: [String]) throws(EvaluationError) -> TaskVectorBank {
    if let bank, bank.experts == experts { return bank.bank }
    bank = nil
    let made = try workbench.bank(of: experts)
    bank = (experts, made)
    return made
  }

  // MARK: Adapting step by step

  private mutating func adapt(
    _ method: AdaMerging, _ unit: RunUnit, _ pending: [PlannedCell],
    progress: @escaping Progress,
    finish: (PlannedCell, CellResult) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    let adaptation = unit.adaptation
    var stream = try suiteStream(adaptation, method.settings)
    let plan = stream.plan
    let phases = plan.shift.phases
    let bank = try bank(of: adaptation.seen)
    adaptationCount += 1
    let origin = identity.ingredients(of: adaptation)
    let kept = continuation.state(of: unit.key, origin: origin).flatMap {
      $0.serves(pending, stepsPerPhase: stream.stepsPerPhase, phases: phases.count) ? $0 : nil
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
      func isDue(_ planned: PlannedCell) -> Bool {
        (planned.cell.boundary ?? phases.count) == index + 1
      }
      guard pending.contains(where: { ($0.cell.boundary ?? phases.count) > index }) else { break }
      let due = pending.filter(isDue)
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
        let clock = ContinuousClock()
        let begin = clock.now
        let pixels = batches.map { prepared[$0.task]!.batch($0.items.map(\.index)) }
        time += clock.now - begin
        if online[.predictThenAdapt] != nil {
          let model = try Self.merging { () throws(MergingError) in try run.model() }
          online[.predictThenAdapt]!.predict(
            batches, images: pixels, parameters: model.shared, on: workbench)
        }
        let stepBegin = clock.now
        _ = try Self.merging { () throws(MergingError) in
          try run.step(
            zip(batches, pixels).map { ($0.task, workbench[$0.task].head, $1) })
        }
        time += clock.now - stepBegin
        if online[.adaptThenPredict] != nil {
          let model = try Self.merging { () throws(MergingError) in try run.model() }
          online[.adaptThenPredict]!.predict(
            batches, images: pixels, parameters: model.shared, on: workbench)
        }
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

  // MARK: Evaluating

  private mutating func evaluate(
    _ planned: PlannedCell, _ adapted: AdaptedModel, progress: @escaping Progress
  ) throws(EvaluationError) -> CellResult {
    let cell = planned.cell
    do throws(EvaluationError) {
      let prepared = try prepare(
        cell.tasks, cell.evaluate.phase, cell.adaptation, progress: progress)
      PeakMemory.reset()
      let clock = ContinuousClock()
      let start = clock.now
      var scored: [(task: String, ScoredPredictions)] = []
      for task in cell.tasks {
        try continuation.check()
        let indices =
          cell.evaluate.selection == .all
          ? nil : try evaluated(task, cell.evaluate.selection, cell.seed)
        let parameters = try Self.merging { () throws(MergingError) in
          try adapted.merged.parameters(for: task)
        }
        let predictions = workbench.predict(
          prepared[task]!, of: task, indices: indices, parameters: parameters
        ) { progress("\(cell.method.title), \(cell.evaluate.text)", Double($0)) }
        scored.append((task, workbench.score(predictions, of: task)))
      }
      return result(
        of: planned, scored, adapted, evaluationSeconds: (clock.now - start) / .seconds(1))
    } catch .cache(let path, let reason) {
      throw .cache(path: path, reason: reason)
    } catch .result(let error) {
      throw .result(error)
    } catch .interrupted {
      throw .interrupted
    } catch {
      return result(of: planned, .failed(reason: "\(error)"))
    }
  }

  /// The result of a prequential evaluation.
  private func measure(
    _ planned: PlannedCell, _ adapted: AdaptedModel, _ tally: OnlineTally
  ) -> CellResult {
    let scored = planned.cell.seen.map { task in
      (task, workbench.score(tally.predictions(of: task), of: task))
    }
    return result(of: planned, scored, adapted)
  }

  private func result(
    of planned: PlannedCell, _ scored: [(task: String, ScoredPredictions)],
    _ adapted: AdaptedModel, evaluationSeconds: Double = 0
  ) -> CellResult {
    let measurements = scored.map { task, scores in
      scores.measurement(of: task, seen: planned.cell.seen.contains(task))
    }
    var result = result(
      of: planned, .measured(measurements), adapted, evaluationSeconds: evaluationSeconds)
    result.predictions = scored.map { task, scores in scores.predictions(of: task) }
    return result
  }

  private func result(
    of planned: PlannedCell, _ outcome: CellRecord.Outcome, _ adapted: AdaptedModel? = nil,
    evaluationSeconds: Double = 0
  ) -> CellResult {
    let seconds = adapted?.seconds ?? 0
    return CellResult(
      record: CellRecord(
        ingredients: planned.ingredients, outcome: outcome, adaptation: adapted?.summary,
        adaptationSeconds: seconds, seconds: seconds + evaluationSeconds,
        peakMemoryBytes: max(adapted?.peakMemoryBytes ?? 0, PeakMemory.bytes),
        provenance: identity.provenance(of: planned.cell)))
  }

  // MARK: Images

  private mutating func prepare(
    _ tasks: [String], _ phase: ShiftPhase, _ adaptation: Adaptation, progress: Progress
  ) throws(EvaluationError) -> [String: PreparedImages] {
    try images.prepare(tasks, phase, profile: adaptation.profile, seed: adaptation.seed) { count in
      progress("preparing \(phase.text)", WorkMeter.preparationWeight * Double(count))
    }
  }

  private func selection(
    _ task: String, _ plan: StreamPlan, _ seed: UInt64
  ) throws(EvaluationError) -> SampleSelection {
    try workbench.selection(task, plan.selection, order: plan.order, seed: seed)
  }

  private func evaluated(
    _ task: String, _ plan: SelectionPlan, _ seed: UInt64
  ) throws(EvaluationError) -> [Int] {
    try workbench.selection(task, plan, seed: seed).indices
  }

  private static func merging<Value>(
    _ work: () throws(MergingError) -> Value
  ) throws(EvaluationError) -> Value {
    do {
      return try work()
    } catch {
      throw .merging(error)
    }
  }
}

extension Workbench {
  /// Which images of a task a stream takes. The labels stay here.
  func selection(
    _ task: String, _ plan: SelectionPlan, order: LabelOrder = .shuffled, seed: UInt64
  ) throws(EvaluationError) -> SampleSelection {
    do {
      return try SampleSelection(
        of: self[task].images, labels: self[task].labels, plan: plan, order: order, seed: seed)
    } catch {
      throw .stream(error)
    }
  }
}
