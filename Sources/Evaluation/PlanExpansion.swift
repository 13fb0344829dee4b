public import Merging
public import Streams

/// One method on a set of tasks under one domain with one seed: what is computed, cached and
/// recorded as a whole.
public struct Cell: Hashable, Sendable {
  /// The name of the experiment that asks for it. Not part of what determines the result: cells of
  /// two experiments that agree otherwise are computed once.
  public let experiment: String
  public let method: MethodChoice
  public let seen: [String]
  public let unseen: [String]
  public let domain: Domain
  public let profile: String
  public let adaptation: AdaMergingSettings
  public let seed: UInt64

  public init(
    experiment: String, method: MethodChoice, seen: [String], unseen: [String], domain: Domain,
    profile: String, adaptation: AdaMergingSettings, seed: UInt64
  ) {
    self.experiment = experiment
    self.method = method
    self.seen = seen
    self.unseen = unseen
    self.domain = domain
    self.profile = profile
    self.adaptation = adaptation
    self.seed = seed
  }

  public var tasks: [String] { seen + unseen }
}

extension Plan {
  /// The cells in the order in which they run: within an experiment by seed, then by domain, then
  /// by method, so that the methods that share images follow one another.
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
  public var cells: [Cell] {
    seeds.flatMap { seed in
      domains.flatMap { domain in
        methods.map { method in
          Cell(
            experiment: name, method: method, seen: seen, unseen: unseen, domain: domain,
            profile: profile, adaptation: adaptation, seed: seed)
        }
      }
    }
  }
}
