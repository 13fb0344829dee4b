internal import Merging
internal import Results

/// A merged model and what it took to make it.
struct AdaptedModel {
  let merged: MergedModel
  /// Of a method that learns step by step.
  var summary: AdaptationSummary?
  /// Merging and adapting.
  let seconds: Double
  /// While merging and adapting.
  let peakMemoryBytes: Int
}

extension AdaptationSummary {
  /// What a run has gone through.
  ///
  /// - Parameters:
  ///   - steps: those that are kept, by place.
  ///   - seconds: of all steps.
  ///   - online: the predictions of the kept steps, of a prequential evaluation.
  init(_ run: AdaMergingRun, steps: Range<Int>, seconds: Double, online: OnlineTally?) {
    let coefficients = run.coefficients
    let values = coefficients.values
    let trajectory = steps.map { place in
      let step = run.state.trajectory[place]
      let counts = online?.steps[place - steps.lowerBound]
      return Step(
        step: step.step, loss: step.loss, coefficients: step.coefficients, tasks: step.tasks,
        meanEntropies: step.entropies, largestClassShares: step.largestClassShares,
        meanPredictionEntropies: step.meanPredictionEntropies,
        onlineSamples: counts.map { counts in step.tasks.map { counts.samples[$0] ?? 0 } },
        onlineCorrect: counts.map { counts in step.tasks.map { counts.correct[$0] ?? 0 } })
    }
    self.init(
      experts: coefficients.tasks,
      layers: coefficients.granularity == .taskwise ? ["all"] : coefficients.layers,
      coefficients: values,
      clampedShare: run.method.settings.clamps
        ? Double(values.count { $0 <= 0 || $0 >= 1 }) / Double(values.count) : nil,
      steps: run.state.steps,
      secondsPerStep: run.state.steps > 0
        ? seconds / Double(run.state.steps) : 0, trajectory: trajectory)
  }
}
