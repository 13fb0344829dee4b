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
  static func reading(
    _ reader: inout ParameterReader, suite: TaskSuite, defaults: ExperimentDefaults,
    methodNames: [String], overrides: PlanOverrides
  ) throws(ConfigurationError) -> [Experiment] {
    let group = try reader.name("name")
    var settings = try ExperimentDefaults(&reader, over: defaults, methodNames: methodNames)
    settings.severities = overrides.severities ?? settings.severities
    let names = suite.tasks.map(\.name)
    let leavesOneOut =
      reader.node("unseen")?.content == .scalar(leaveOneOut, quoted: false)
      && !names.contains(leaveOneOut)
    let unseen =
      leavesOneOut ? [] : try tasks("unseen", &reader, default: [], of: names)
    let others = names.filter { !unseen.contains($0) }
    let seen = try tasks("seen", &reader, default: others, of: names)
    guard seen.count > (leavesOneOut ? 1 : 0) else {
      throw reader.invalid(
        "seen", leavesOneOut ? "has no task to leave out and others to merge" : "has no task",
        remedy: "a merge needs at least one")
    }
    if let both = seen.first(where: unseen.contains) {
      throw reader.invalid(
        "unseen", "task '\(both)' is seen too", remedy: "list it in one of the two")
    }
    let domains = try Domain.list(&reader, severities: settings.severities)
    let streams = try ExperimentStreams(
      &reader, over: settings.streams, severities: settings.severities)
    if let problem = streams.problem(
      domains: domains, unseen: leavesOneOut ? seen : unseen, reader)
    {
      throw problem
    }
    try reader.finish()
    func experiment(_ name: String, seen: [String], unseen: [String]) -> Experiment {
      Experiment(
        name: name, seen: seen, unseen: unseen, domains: domains, profile: settings.profile,
        methods: settings.methods, adaptation: overrides.applied(to: settings.adaptation),
        seeds: overrides.seeds ?? settings.seeds, streams: streams,
        leaveOneOutName: leavesOneOut ? group : nil)
    }
    guard leavesOneOut else { return [experiment(group, seen: seen, unseen: unseen)] }
    return seen.map { task in
      experiment("\(group)-without-\(task)", seen: seen.filter { $0 != task }, unseen: [task])
    }
  }

  private static func tasks(
    _ key: String, _ reader: inout ParameterReader, default tasks: [String], of names: [String]
  ) throws(ConfigurationError) -> [String] {
    let tasks = try reader.strings(key, default: tasks)
    for (index, task) in tasks.enumerated() {
      guard names.contains(task) else {
        throw .unknown(task, at: reader.place(of: key), choices: names)
      }
      guard !tasks[..<index].contains(task) else {
        throw reader.invalid(key, "task '\(task)' stands twice", remedy: "list each task once")
      }
    }
    return tasks
  }
}
