internal import Merging
internal import Results
internal import Streams
internal import TensorCore

/// From a model to the results of cells.
extension UnitRunner {
  /// Evaluates a finished model; what fails is in the record.
  ///
  /// - Throws: what keeps results from being made or kept: `result`, `cache`, `interrupted`.
  mutating func evaluate(
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
        let scores = try workbench.score(
          prepared[task]!, of: task, by: cell.method.title, indices: indices,
          parameters: parameters
        ) { progress("\(cell.method.title), \(cell.evaluate.text)", Double($0)) }
        scored.append((task, scores))
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
  func measure(
    _ planned: PlannedCell, _ adapted: AdaptedModel, _ tally: OnlineTally
  ) -> CellResult {
    var scored: [(task: String, ScoredPredictions)] = []
    for task in planned.cell.seen {
      do throws(EvaluationError) {
        let scores = try tally.scored(
          task, of: workbench[task].images, by: planned.cell.method.title)
        scored.append((task, scores))
      } catch {
        return result(of: planned, .failed(reason: "\(error)"))
      }
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

  func result(
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

  private func evaluated(
    _ task: String, _ plan: SelectionPlan, _ seed: UInt64
  ) throws(EvaluationError) -> SampleIndices {
    try workbench.selection(task, plan, seed: seed).indices
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
