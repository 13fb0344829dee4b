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
  private(set) var images: RunImages
  private var bank: (experts: [String], bank: TaskVectorBank)?
  /// How many adaptations were made.
  private(set) var adaptationCount = 0

  init(_ identity: CellIdentity, images: RunImages) {
    workbench = identity.workbench
    self.identity = identity
    self.images = images
  }

  /// Computes `pending`, cells of `unit`; a cell that fails gets a record that says why.
  ///
  /// - Parameter finish: gets each record as soon as it is there.
  /// - Throws: only what keeps results from being kept: `result`, `cache`.
  mutating func run(
    _ unit: RunUnit, _ pending: [PlannedCell], progress: @escaping Progress,
    finish: (PlannedCell, CellRecord) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    var left = pending
    func keep(_ planned: PlannedCell, _ record: CellRecord) throws(EvaluationError) {
      left.removeAll { $0.key == planned.key }
      try finish(planned, record)
    }
    do throws(EvaluationError) {
      let method = try unit.adaptation.method.makeMethod(unit.adaptation.settings)
      if let method = method as? AdaMerging, unit.adaptation.stream != nil {
        try adapt(method, unit.adaptation, pending, progress: progress, finish: keep)
      } else {
        try mergeAtOnce(method, unit.adaptation, pending, progress: progress, finish: keep)
      }
    } catch .cache(let path, let reason) {
      // Not the cells' fault: nothing is recorded.
      throw .cache(path: path, reason: reason)
    } catch .result(let error) {
      throw .result(error)
    } catch {
      for planned in left {
        try finish(planned, record(of: planned, .failed(reason: "\(error)")))
      }
    }
  }

  // MARK: Merging

  /// A method that makes its model at once, with images or without.
  private mutating func mergeAtOnce(
    _ method: any MergingMethod, _ adaptation: Adaptation, _ pending: [PlannedCell],
    progress: @escaping Progress,
    finish: (PlannedCell, CellRecord) throws(EvaluationError) -> Void
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
        progress("\(adaptation.method.title), \(plan.text)", WorkMeter.adaptationWeight * Double(count))
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
    _ method: AdaMerging, _ adaptation: Adaptation, _ pending: [PlannedCell],
    progress: @escaping Progress,
    finish: (PlannedCell, CellRecord) throws(EvaluationError) -> Void
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
      func isDue(_ planned: PlannedCell) -> Bool {
        (planned.cell.boundary ?? phases.count) == index + 1
      }
      guard pending.contains(where: { ($0.cell.boundary ?? phases.count) > index }) else { break }
      let due = pending.filter(isDue)
      let prepared = try prepare(adaptation.seen, phase, adaptation, progress: progress)
      var online: [OnlineOrder: OnlineTally] = [:]
      for order in due.compactMap(\.cell.online) { online[order] = OnlineTally() }
      let start = run.state.steps
      PeakMemory.reset()
      for _ in 0..<stream.stepsPerPhase {
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
        let record =
          if let tally {
            measure(planned, adapted, tally)
          } else {
            try evaluate(planned, adapted, progress: progress)
          }
        try finish(planned, record)
      }
    }
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
  ) throws(EvaluationError) -> CellRecord {
    let cell = planned.cell
    do throws(EvaluationError) {
      let prepared = try prepare(
        cell.tasks, cell.evaluate.phase, cell.adaptation, progress: progress)
      PeakMemory.reset()
      let clock = ContinuousClock()
      let start = clock.now
      var measurements: [TaskMeasurement] = []
      for task in cell.tasks {
        let indices =
          cell.evaluate.selection == .all
          ? nil : try evaluated(task, cell.evaluate.selection, cell.seed)
        let parameters = try Self.merging { () throws(MergingError) in
          try adapted.merged.parameters(for: task)
        }
        let predictions = workbench.predict(
          prepared[task]!, of: task, indices: indices, parameters: parameters
        ) { progress("\(cell.method.title), \(cell.evaluate.text)", Double($0)) }
        measurements.append(
          workbench.measure(predictions, of: task, seen: cell.seen.contains(task)))
      }
      return record(
        of: planned, .measured(measurements), adapted,
        evaluationSeconds: (clock.now - start) / .seconds(1))
    } catch .cache(let path, let reason) {
      throw .cache(path: path, reason: reason)
    } catch .result(let error) {
      throw .result(error)
    } catch {
      return record(of: planned, .failed(reason: "\(error)"))
    }
  }

  /// The record of a prequential evaluation.
  private func measure(
    _ planned: PlannedCell, _ adapted: AdaptedModel, _ tally: OnlineTally
  ) -> CellRecord {
    let measurements = planned.cell.seen.map { task in
      workbench.measure(tally.predictions(of: task), of: task, seen: true)
    }
    return record(of: planned, .measured(measurements), adapted)
  }

  private func record(
    of planned: PlannedCell, _ outcome: CellRecord.Outcome, _ adapted: AdaptedModel? = nil,
    evaluationSeconds: Double = 0
  ) -> CellRecord {
    let seconds = adapted?.seconds ?? 0
    return CellRecord(
      ingredients: planned.ingredients, outcome: outcome, adaptation: adapted?.summary,
      adaptationSeconds: seconds, seconds: seconds + evaluationSeconds,
      peakMemoryBytes: max(adapted?.peakMemoryBytes ?? 0, PeakMemory.bytes),
      provenance: identity.provenance(of: planned.cell))
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
