internal import Merging
internal import Streams

extension Plan {
  /// The cells, experiment by experiment.
  public var cells: [Cell] {
    experiments.flatMap(\.cells)
  }

  /// The names of the tasks that its experiments are about, each once.
  public var tasks: [String] {
    var tasks: [String] = []
    for task in experiments.flatMap(\.tasks) where !tasks.contains(task) { tasks.append(task) }
    return tasks
  }
}

extension Experiment {
  /// The cells in the order in which they run: by seed, then by the stream that is adapted to, then by
  /// method, so that the methods that share images follow one another. A method that does not adapt
  /// has one cell for each stream that is evaluated.
  public var cells: [Cell] {
    let adapted = streams.adapted(domains)
    return seeds.flatMap { seed in
      var evaluated: Set<EvaluationStream> = []
      return adapted.indices.flatMap { place -> [Cell] in
        let streams = evaluations(of: adapted[place], at: place)
        // A stream that an earlier place evaluated has its static cells.
        let new = streams.map(\.stream).filter { evaluated.insert($0).inserted }
        return methods.flatMap { method in
          method.isAdaptive
            ? streams.map { evaluation in
              cell(
                method, seed, adapted[place], evaluation.stream, boundary: evaluation.boundary)
            } : new.map { cell(method, seed, nil, $0, boundary: nil) }
        }
      }
    }
  }

  /// What is evaluated of one adaptation, and after how many of its phases.
  private func evaluations(
    of stream: StreamPlan, at place: Int
  ) -> [(stream: EvaluationStream, boundary: Int?)] {
    let phases = stream.shift.phases
    let selection = streams.evaluate.selection
    if streams.evaluate.online != nil {
      return phases.enumerated().map { index, phase in
        (
          EvaluationStream(phase, selection: stream.selection),
          phases.count > 1 ? index + 1 : nil
        )
      }
    }
    if streams.evaluate.atBoundaries {
      return phases.indices.flatMap { index in
        stream.shift.distinctPhases.map { phase in
          (EvaluationStream(phase, selection: selection), index + 1)
        }
      }
    }
    let all = streams.evaluated(domains)
    let phasesOfThis = streams.adapt.shift == .same ? [all[place]] : all
    return phasesOfThis.map { (EvaluationStream($0, selection: selection), nil) }
  }

  private func cell(
    _ method: MethodChoice, _ seed: UInt64, _ stream: StreamPlan?, _ evaluate: EvaluationStream,
    boundary: Int?
  ) -> Cell {
    Cell(
      experiment: name, protocolName: streams.name,
      adaptation: Adaptation(
        method: method, seen: seen, stream: stream, settings: adaptation, profile: profile,
        seed: seed),
      unseen: unseen, evaluate: evaluate, online: stream == nil ? nil : streams.evaluate.online,
      boundary: boundary)
  }
}
