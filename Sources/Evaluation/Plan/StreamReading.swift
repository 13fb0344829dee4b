internal import Configuration
internal import Streams
internal import TensorCore

/// What a plan's keys `protocol`, `adapt` and `evaluate` say.
extension ExperimentStreams {
  /// Reads the three keys.
  ///
  /// - Parameters:
  ///   - defaults: what a plan says for all experiments.
  ///   - severities: of the corruptions that `adapt` names.
  ///   - problems: gets all that is wrong; what can't be read is as in the protocol.
  init(
    _ reader: inout ParameterReader, over defaults: ExperimentStreams?, severities: [Severity],
    _ problems: inout ConfigurationProblems
  ) {
    var streams: ExperimentStreams
    if reader.has("protocol") {
      let name = problems.value(try reader.choice("protocol", of: ShiftProtocol.self))
      streams = (name ?? .custom).streams
    } else if let defaults {
      streams = defaults
    } else {
      let isOwn = reader.has("adapt") || reader.has("evaluate")
      streams = (isOwn ? ShiftProtocol.custom : .transductive).streams
    }
    if var adapt = problems.value(try reader.optionalReader("adapt")) ?? nil {
      streams.adapt.read(&adapt, severities: severities, &problems)
      problems.check { () throws(ConfigurationError) in try adapt.finish() }
    }
    if var evaluate = problems.value(try reader.optionalReader("evaluate")) ?? nil {
      streams.evaluate.read(&evaluate, &problems)
      problems.check { () throws(ConfigurationError) in try evaluate.finish() }
    }
    if streams.evaluate.online != nil { streams.adapt.isOnePass = true }
    self = streams
  }

  /// Why these streams mean nothing for an experiment.
  func problems(
    domains: [Domain], unseen: [String], _ reader: ParameterReader
  ) -> [ConfigurationError] {
    let own = adapt.domains ?? domains
    var problems: [ConfigurationError] = []
    if name == .unseen, unseen.isEmpty {
      problems.append(
        reader.invalid(
          "protocol", "is unseen, and no task is",
          remedy: "list tasks under 'unseen', or write 'unseen: leave-one-out'"))
    }
    if name == .cleanToShifted, !domains.contains(where: { $0 != .clean }) {
      problems.append(
        reader.invalid(
          "corruptions", "has no corruption", remedy: "list what is evaluated, as [fog, snow]"))
    }
    if evaluate.online != nil, !unseen.isEmpty {
      problems.append(
        reader.invalid(
          "evaluate", "is online, and unseen tasks have no images in the stream",
          remedy: "leave 'unseen' out, or evaluate in another way"))
    }
    if evaluate.online != nil, evaluate.atBoundaries || evaluate.selection != .all {
      problems.append(
        reader.invalid(
          "evaluate", "is online, which evaluates the images that are adapted to",
          remedy: "put part, amount and classes under 'adapt', and leave boundaries out"))
    }
    if adapt.shift == .ramp, Self.corruptions(own).isEmpty {
      problems.append(
        reader.invalid(
          "adapt", "is a ramp, and there is no corruption", remedy: "list one under 'corruptions'")
      )
    }
    return problems
  }
}

extension ExperimentStreams.Adapt {
  mutating func read(
    _ reader: inout ParameterReader, severities: [Severity],
    _ problems: inout ConfigurationProblems
  ) {
    if reader.has("corruptions") || reader.has("severity") {
      let own = problems.value(
        try Severity.list(&reader, default: severities), default: severities)
      domains = Domain.list(&reader, severities: own, &problems)
      if shift == .same { shift = .each }
    }
    let given = problems.value(
      try reader.choice("shift", of: ExperimentStreams.Shift.self, default: shift))
    shift = given ?? shift
    rounds = problems.value(
      try reader.int("rounds", in: 1...1000, default: rounds), default: rounds)
    if reader.has("rounds"), let given, given != .recurring {
      problems.add(
        reader.invalid(
          "rounds", "stands without a recurring shift", remedy: "add 'shift: recurring'"))
    }
    if shift == .same, domains != nil {
      problems.add(
        reader.invalid(
          "shift", "is same, and adapt names corruptions of its own",
          remedy: "leave one of them out"))
    }
    selection.read(&reader, &problems)
    if reader.has("order") {
      switch problems.value(try reader.choice("order", of: OrderName.self)) {
      case .shuffled: order = .shuffled
      case .sorted: order = .sorted
      case .dirichlet:
        let delta = problems.value(
          try reader.double("delta", in: 1e-6...1e6, default: 0.1), default: 0.1)
        order = .correlated(delta: delta)
      // Which may have been meant as dirichlet.
      case nil: _ = reader.has("delta")
      }
    }
    mix = problems.value(try reader.choice("mix", of: TaskMix.self, default: mix), default: mix)
    isOnePass = problems.value(
      try reader.bool("one_pass", default: isOnePass), default: isOnePass)
  }

  private enum OrderName: String, CaseIterable {
    case shuffled, sorted, dirichlet
  }
}

extension ExperimentStreams.Evaluate {
  mutating func read(
    _ reader: inout ParameterReader, _ problems: inout ConfigurationProblems
  ) {
    isMixed = problems.value(try reader.bool("mixed", default: isMixed), default: isMixed)
    selection.read(&reader, &problems)
    if reader.has("online") {
      online = problems.value(try reader.choice("online", of: OnlineOrder.self))
    }
    atBoundaries = problems.value(
      try reader.bool("boundaries", default: atBoundaries), default: atBoundaries)
  }
}

extension SelectionPlan {
  fileprivate mutating func read(
    _ reader: inout ParameterReader, _ problems: inout ConfigurationProblems
  ) {
    part = problems.value(try reader.choice("part", of: Part.self, default: part), default: part)
    amount = problems.value(
      try reader.double("amount", in: 1e-6...1, default: amount), default: amount)
    classShare = problems.value(
      try reader.double("classes", in: 1e-6...1, default: classShare), default: classShare)
  }
}

extension Domain {
  /// The domains that the key `corruptions` names, each corruption at each severity; clean images
  /// where no name can be used.
  static func list(
    _ reader: inout ParameterReader, severities: [Severity],
    _ problems: inout ConfigurationProblems
  ) -> [Domain] {
    guard
      let names = problems.value(try reader.strings("corruptions", default: [cleanName]))
    else { return [.clean] }
    var usable: [String] = []
    for name in names where !usable.contains(name) {
      let isPlain: Void? = problems.value(try reader.check(name: name, key: "corruptions"))
      if isPlain != nil { usable.append(name) }
    }
    if names.isEmpty || Set(names).count < names.count {
      problems.add(
        reader.invalid(
          "corruptions", "is empty or has a name twice", remedy: "list each name once"))
    }
    let domains = usable.flatMap { name in
      name == cleanName ? [Domain.clean] : severities.map { Domain(corruption: name, severity: $0) }
    }
    return domains.isEmpty ? [.clean] : domains
  }
}

extension Severity {
  /// The severities that the key `severity` names.
  static func list(
    _ reader: inout ParameterReader, default severities: [Severity]
  ) throws(ConfigurationError) -> [Severity] {
    let values = try reader.doubles(
      "severity", in: 0...Severity.range.upperBound, default: severities.map(\.value))
    guard !values.isEmpty, Set(values).count == values.count else {
      throw reader.invalid(
        "severity", values.isEmpty ? "is an empty list" : "has a value twice",
        remedy: "list each value once")
    }
    return try values.map { (value) throws(ConfigurationError) in
      guard let severity = Severity(validating: value) else {
        throw reader.invalid(
          "severity", "is 0", remedy: "list 'clean' among the corruptions for images as they are")
      }
      return severity
    }
  }
}
