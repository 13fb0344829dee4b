internal import Configuration
public import Merging
public import Streams
internal import TensorCore

/// A group of cells that makes one table: methods on tasks under domains.
public struct Experiment: Hashable, Sendable {
  public let name: String
  /// Whose experts are merged, and whose streams are adapted to.
  public let seen: [String]
  /// Evaluated only.
  public let unseen: [String]
  /// Those that are evaluated, and adapted to unless `streams` says otherwise.
  public let domains: [Domain]
  /// How recipes are read.
  public let profile: String
  public let methods: [MethodChoice]
  public let adaptation: AdaMergingSettings
  public let seeds: [UInt64]
  public let streams: ExperimentStreams
  /// What the plan calls the experiments together that leave one task out each; nil for others.
  public let leaveOneOutName: String?
  /// Where the plan's file has the experiment, under the empty key, and its keys; empty for an
  /// experiment that was not read from one.
  var places: [String: ConfigurationError.Place] = [:]

  public init(
    name: String, seen: [String], unseen: [String], domains: [Domain], profile: String,
    methods: [MethodChoice], adaptation: AdaMergingSettings, seeds: [UInt64],
    streams: ExperimentStreams = ShiftProtocol.transductive.streams,
    leaveOneOutName: String? = nil
  ) {
    self.name = name
    self.seen = seen
    self.unseen = unseen
    self.domains = domains
    self.profile = profile
    self.methods = methods
    self.adaptation = adaptation
    self.seeds = seeds
    self.streams = streams
    self.leaveOneOutName = leaveOneOutName
  }

  public var tasks: [String] { seen + unseen }
}

extension Experiment {
  /// What stands for tasks under `unseen`: an experiment for each task, which it leaves out.
  static let leaveOneOut = "leave-one-out"

  /// The experiments that one item of a plan stands for: one, or one for each task left out, called
  /// `<name>-without-<task>`.
  ///
  /// - Parameters:
  ///   - taskNames: the suite's; nil if it can't be read: then any task will do.
  ///   - problems: gets all that is wrong; the experiments are then as far as they could be read, and
  ///     not to be run.
  static func reading(
    _ reader: inout ParameterReader, taskNames: [String]?, defaults: ExperimentDefaults,
    methodNames: [String], overrides: PlanOverrides, _ problems: inout ConfigurationProblems
  ) -> [Experiment] {
    let earlier = problems.all.count
    let group = problems.value(try reader.name("name"), default: "")
    var settings = ExperimentDefaults(
      &reader, over: defaults, methodNames: methodNames, &problems)
    settings.severities = overrides.severities ?? settings.severities
    let leavesOneOut =
      reader.node("unseen")?.content == .scalar(leaveOneOut, quoted: false)
      && taskNames?.contains(leaveOneOut) != true
    let unseen = leavesOneOut ? [] : tasks("unseen", &reader, default: [], of: taskNames, &problems)
    let others = taskNames?.filter { !unseen.contains($0) } ?? []
    let seen = tasks("seen", &reader, default: others, of: taskNames, &problems)
    let domains = Domain.list(&reader, severities: settings.severities, &problems)
    let streams = ExperimentStreams(
      &reader, over: settings.streams, severities: settings.severities, &problems)
    // What follows from an earlier problem is none of its own.
    if problems.all.count == earlier {
      if taskNames != nil, seen.count <= (leavesOneOut ? 1 : 0) {
        problems.add(
          reader.invalid(
            "seen", leavesOneOut ? "has no task to leave out and others to merge" : "has no task",
            remedy: "a merge needs at least one"))
      }
      if let both = seen.first(where: unseen.contains) {
        problems.add(
          reader.invalid(
            "unseen", "task '\(both)' is seen too", remedy: "list it in one of the two"))
      }
      for problem in streams.problems(
        domains: domains, unseen: leavesOneOut ? seen : unseen, reader)
      {
        problems.add(problem)
      }
    }
    problems.check { () throws(ConfigurationError) in try reader.finish() }
    var places = Dictionary(
      reader.keys.map { ($0, reader.place(of: $0)) }, uniquingKeysWith: { first, _ in first })
    places[""] = reader.place
    func experiment(_ name: String, seen: [String], unseen: [String]) -> Experiment {
      var experiment = Experiment(
        name: name, seen: seen, unseen: unseen, domains: domains, profile: settings.profile,
        methods: settings.methods, adaptation: overrides.applied(to: settings.adaptation),
        seeds: overrides.seeds ?? settings.seeds, streams: streams,
        leaveOneOutName: leavesOneOut ? group : nil)
      experiment.places = places
      return experiment
    }
    guard leavesOneOut else { return [experiment(group, seen: seen, unseen: unseen)] }
    return seen.map { task in
      experiment("\(group)-without-\(task)", seen: seen.filter { $0 != task }, unseen: [task])
    }
  }

  /// Those of the tasks that `names` has.
  private static func tasks(
    _ key: String, _ reader: inout ParameterReader, default tasks: [String], of names: [String]?,
    _ problems: inout ConfigurationProblems
  ) -> [String] {
    var known: [String] = []
    for task in problems.value(try reader.strings(key, default: tasks)) ?? [] {
      if let names, !names.contains(task) {
        problems.add(.unknown(task, at: reader.place(of: key), choices: names))
      } else if known.contains(task) {
        problems.add(
          reader.invalid(key, "task '\(task)' stands twice", remedy: "list each task once"))
      } else {
        known.append(task)
      }
    }
    return known
  }

  /// What is wrong with a key's value, after its place in the plan.
  func problem(_ key: String, _ text: String) -> String {
    (places[key] ?? places[""]).map { "\($0): \(text)" } ?? "experiment \(name): \(text)"
  }
}
