internal import Foundation
internal import Merging
internal import Results
internal import Streams
internal import TensorCore

/// Computes units one at a time: adapts once, evaluates every cell that asks for it.
struct UnitRunner: Sendable {
  /// What was done and how much of it, in the units of `WorkMeter`.
  typealias Progress = @Sendable (_ activity: String, _ units: Double) -> Void

  let workbench: Workbench
  let identity: CellIdentity
  var continuation: RunContinuation
  private(set) var images: RunImages
  private var bank: (experts: [String], bank: TaskVectorBank)?
  /// How many adaptations were made.
  var adaptationCount = 0

  init(_ identity: CellIdentity, images: RunImages, continuation: RunContinuation) {
    self.continuation = continuation
    workbench = identity.workbench
    self.identity = identity
    self.images = images
  }

  /// Computes `pending`, cells of `unit`; a cell that fails gets a record that says why.
  ///
  /// - Parameter finish: gets each result as soon as it is there.
  /// - Throws: only what keeps results from being made or kept: `result`, `cache`, `changedFile`,
  ///   `interrupted`.
  mutating func run(
    _ unit: RunUnit, _ pending: [PlannedCell], progress: @escaping Progress,
    finish: (PlannedCell, CellResult) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    images.beginUnit()
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
    } catch .changedFile(let path) {
      throw .changedFile(path)
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
  mutating func bank(of experts: [String]) throws(EvaluationError) -> TaskVectorBank {
    if let bank, bank.experts == experts { return bank.bank }
    bank = nil
    let made = try workbench.bank(of: experts)
    bank = (experts, made)
    return made
  }

  // MARK: Images

  mutating func prepare(
    _ tasks: [String], _ phase: ShiftPhase, _ adaptation: Adaptation, progress: Progress
  ) throws(EvaluationError) -> [String: PreparedImages] {
    try images.prepare(tasks, phase, profile: adaptation.profile, seed: adaptation.seed) { count in
      progress("preparing \(phase.text)", WorkMeter.preparationWeight * Double(count))
    }
  }

  func selection(
    _ task: String, _ plan: StreamPlan, _ seed: UInt64
  ) throws(EvaluationError) -> SampleSelection {
    try workbench.selection(task, plan.selection, order: plan.order, seed: seed)
  }

  static func merging<Value>(
    _ work: () throws(MergingError) -> Value
  ) throws(EvaluationError) -> Value {
    do {
      return try work()
    } catch {
      throw .merging(error)
    }
  }
}
