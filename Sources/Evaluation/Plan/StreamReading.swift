internal import Configuration
internal import Streams
internal import TensorCore

/// What a plan's keys `protocol`, `adapt` and `evaluate` say.
extension ExperimentStreams {
  /// Reads the three keys, and refuses combinations that mean nothing.
  ///
  /// - Parameters:
  ///   - defaults: what a plan says for all experiments.
  ///   - severities: of the corruptions that `adapt` names.
  init(
    _ reader: inout ParameterReader, over defaults: ExperimentStreams?, severities: [Severity]
  ) throws(ConfigurationError) {
    var streams: ExperimentStreams
    if reader.has("protocol") {
      streams = try reader.choice("protocol", of: ShiftProtocol.self).streams
    } else if let defaults {
      streams = defaults
    } else {
      let isOwn = reader.has("adapt") || reader.has("evaluate")
      streams = (isOwn ? ShiftProtocol.custom : .transductive).streams
    }
    if var adapt = try reader.optionalReader("adapt") {
      try streams.adapt.read(&adapt, severities: severities)
      try adapt.finish()
    }
    if var evaluate = try reader.optionalReader("evaluate") {
      try streams.evaluate.read(&evaluate)
      try evaluate.finish()
    }
    if streams.evaluate.online != nil { streams.adapt.isOnePass = true }
    self = streams
  }

  /// What is wrong with these streams for an experiment, if anything.
  func problem(
    domains: [Domain], unseen: [String], _ reader: ParameterReader
  ) -> ConfigurationError? {
    let own = adapt.domains ?? domains
    if name == .unseen, unseen.isEmpty {
      return reader.invalid(
        "protocol", "is unseen, and no task is",
        remedy: "list tasks under 'unseen', or write 'unseen: leave-one-out'")
    }
    if name == .cleanToShifted, !domains.contains(where: { $0 != .clean }) {
      return reader.invalid(
        "corruptions", "has no corruption", remedy: "list what is evaluated, as [fog, snow]")
    }
    if evaluate.online != nil {
      if !unseen.isEmpty {
        return reader.invalid(
          "evaluate", "is online, and unseen tasks have no images in the stream",
          remedy: "leave 'unseen' out, or evaluate in another way")
      }
      if evaluate.atBoundaries || evaluate.selection != .all {
        return reader.invalid(
          "evaluate", "is online, which evaluates the images that are adapted to",
          remedy: "put part, amount and classes under 'adapt', and leave boundaries out")
      }
    }
    if adapt.shift == .ramp, Self.corruptions(own).isEmpty {
      return reader.invalid(
        "adapt", "is a ramp, and there is no corruption", remedy: "list one under 'corruptions'")
    }
    return nil
  }
}

extension ExperimentStreams.Adapt {
  mutating func read(
    _ reader: inout ParameterReader, severities: [Severity]
  ) throws(ConfigurationError) {
    if reader.has("corruptions") || reader.has("severity") {
      domains = try Domain.list(
        &reader, severities: try Severity.list(&reader, default: severities))
      if shift == .same { shift = .each }
    }
    shift = try reader.choice("shift", of: ExperimentStreams.Shift.self, default: shift)
    rounds = try reader.int("rounds", in: 1...1000, default: rounds)
    guard !reader.has("rounds") || shift == .recurring else {
      throw reader.invalid(
        "rounds", "stands without a recurring shift", remedy: "add 'shift: recurring'")
    }
    guard shift != .same || domains == nil else {
      throw reader.invalid(
        "shift", "is same, and adapt names corruptions of its own", remedy: "leave one of them out")
    }
    selection = try SelectionPlan(&reader, default: selection)
    if reader.has("order") {
      order =
        switch try reader.choice("order", of: OrderName.self) {
        case .shuffled: .shuffled
        case .sorted: .sorted
        case .dirichlet:
          .correlated(delta: try reader.double("delta", in: 1e-6...1e6, default: 0.1))
        }
    }
    mix = try reader.choice("mix", of: TaskMix.self, default: mix)
    isOnePass = try reader.bool("one_pass", default: isOnePass)
  }

  private enum OrderName: String, CaseIterable {
    case shuffled, sorted, dirichlet
  }
}

extension ExperimentStreams.Evaluate {
  mutating func read(_ reader: inout ParameterReader) throws(ConfigurationError) {
    isMixed = try reader.bool("mixed", default: isMixed)
    selection = try SelectionPlan(&reader, default: selection)
    if reader.has("online") { online = try reader.choice("online", of: OnlineOrder.self) }
    atBoundaries = try reader.bool("boundaries", default: atBoundaries)
  }
}

extension SelectionPlan {
  fileprivate init(
    _ reader: inout ParameterReader, default plan: SelectionPlan
  ) throws(ConfigurationError) {
    self = plan
    part = try reader.choice("part", of: Part.self, default: part)
    amount = try reader.double("amount", in: 1e-6...1, default: amount)
    classShare = try reader.double("classes", in: 1e-6...1, default: classShare)
  }
}

extension Domain {
  /// The domains that the key `corruptions` names, each corruption at each severity.
  static func list(
    _ reader: inout ParameterReader, severities: [Severity]
  ) throws(ConfigurationError) -> [Domain] {
    let names = try reader.strings("corruptions", default: [cleanName])
    guard !names.isEmpty, Set(names).count == names.count else {
      throw reader.invalid(
        "corruptions", "is empty or has a name twice", remedy: "list each name once")
    }
    for name in names { try reader.check(name: name, key: "corruptions") }
    return names.flatMap { name in
      name == cleanName ? [.clean] : severities.map { Domain(corruption: name, severity: $0) }
    }
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
