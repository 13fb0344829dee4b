public import Streams

/// Which streams methods adapt to and which are evaluated: the presets that a plan names in one word.
public enum ShiftProtocol: String, Hashable, Sendable, CaseIterable {
  /// Adapt to and evaluate the same shifted test set, as the published studies do.
  case transductive
  /// Adapt to a random half of the test set, evaluate the other half.
  case heldOut = "held-out"
  /// One pass over the stream; each step's images are predicted before, or after, the step on them
  /// (prequential evaluation; Dawid, 1984).
  case online
  /// Adapt to clean images, evaluate shifted ones.
  case cleanToShifted = "clean-to-shifted"
  /// Adapt to each domain, evaluate on every domain.
  case crossShift = "cross-shift"
  /// One adaptation through all domains without a reset; every domain is evaluated whenever one is
  /// finished, which gives forgetting and forward transfer (the matrix R of Lopez-Paz and Ranzato,
  /// NeurIPS 2017).
  case continual
  /// Merge and adapt on the seen tasks, evaluate seen and unseen ones.
  case unseen
  /// Streams that the plan puts together itself.
  case custom

  /// What the preset adapts to and evaluates, before a plan changes it.
  public var streams: ExperimentStreams {
    var streams = ExperimentStreams(self)
    switch self {
    case .transductive, .unseen, .custom: break
    case .heldOut:
      streams.adapt.selection.part = .firstHalf
      streams.evaluate.selection.part = .secondHalf
    case .online:
      streams.adapt.isOnePass = true
      streams.evaluate.online = .predictThenAdapt
    case .cleanToShifted:
      streams.adapt.domains = [.clean]
      streams.adapt.shift = .each
    case .crossShift: streams.adapt.shift = .each
    case .continual:
      streams.adapt.shift = .continual
      streams.evaluate.atBoundaries = true
    }
    return streams
  }
}

/// When a prequential evaluation predicts the images of a step.
public enum OnlineOrder: String, Hashable, Sendable, CaseIterable {
  /// With the coefficients from before the step.
  case predictThenAdapt = "predict-then-adapt"
  /// With those after one step on these images.
  case adaptThenPredict = "adapt-then-predict"
}

/// The streams of an experiment's cells.
public struct ExperimentStreams: Hashable, Sendable {
  /// How the domains of an experiment make streams to adapt to.
  public enum Shift: String, Hashable, Sendable, CaseIterable {
    /// The stream that is evaluated.
    case same
    /// A stream for each domain, each evaluated on all.
    case each
    /// One stream in which every image draws its domain.
    case mixed
    /// For each corruption, one stream of severity 1 to 5 and back.
    case ramp
    /// One stream of one domain after another.
    case continual
    /// The same, several times over.
    case recurring
  }

  public struct Adapt: Hashable, Sendable {
    /// Nil: those that are evaluated.
    public var domains: [Domain]?
    public var shift = Shift.same
    /// Of a recurring shift.
    public var rounds = 3
    public var selection = SelectionPlan.all
    public var order = LabelOrder.shuffled
    public var mix = TaskMix.perTask
    public var isOnePass = false
  }

  public struct Evaluate: Hashable, Sendable {
    /// Whether one stream is evaluated in which every image draws its domain; else one a domain.
    public var isMixed = false
    public var selection = SelectionPlan.all
    /// Whether the images of the adaptation itself are evaluated, while it goes on.
    public var online: OnlineOrder?
    /// Whether all phases' domains are evaluated at the end of each phase; else all domains once, at
    /// the end of the stream.
    public var atBoundaries = false
  }

  public let name: ShiftProtocol
  public var adapt = Adapt()
  public var evaluate = Evaluate()

  init(_ name: ShiftProtocol) {
    self.name = name
  }

  /// The streams that are evaluated, at the end of an adaptation.
  func evaluated(_ domains: [Domain]) -> [ShiftPhase] {
    evaluate.isMixed ? [ShiftPhase(mixing: domains)] : domains.map { ShiftPhase($0) }
  }

  /// The streams that are adapted to.
  ///
  /// - Parameter domains: those of the experiment.
  func adapted(_ domains: [Domain]) -> [StreamPlan] {
    let own = adapt.domains ?? domains
    let schedules: [ShiftSchedule] =
      switch adapt.shift {
      case .same: evaluated(domains).map { ShiftSchedule($0) }
      case .each: own.map { .constant($0) }
      case .mixed: [.mixed(own)]
      case .ramp: Self.corruptions(own).map { .ramp($0) }
      case .continual: [.continual(own)]
      case .recurring: [.recurring(own, rounds: adapt.rounds)]
      }
    return schedules.map { shift in
      StreamPlan(
        shift, selection: adapt.selection, order: adapt.order, mix: adapt.mix,
        isOnePass: adapt.isOnePass)
    }
  }

  /// The corruptions among `domains`, each once.
  static func corruptions(_ domains: [Domain]) -> [String] {
    var names: [String] = []
    for name in domains.compactMap(\.corruption) where !names.contains(name) { names.append(name) }
    return names
  }

  /// Whether a result is of a pair of streams rather than of one domain.
  public var isCrossed: Bool {
    evaluate.atBoundaries || (adapt.shift != .same && adapt.domains?.count != 1)
  }
}
