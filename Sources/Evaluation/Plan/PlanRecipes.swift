internal import Corruptions
internal import Merging
internal import Streams
internal import TensorCore

/// The corruptions that a plan names, read by their recipes, and what is wrong with its recipes and
/// methods.
struct PlanRecipes: Sendable {
  private struct Name: Hashable {
    let name: String
    let profile: String
  }

  private var corruptions: [Name: Corruption] = [:]
  /// Each once.
  let problems: [String]

  init(_ experiments: [Experiment], library: RecipeLibrary) {
    var problems: [String] = []
    for experiment in experiments {
      let all = Set(experiment.allDomains)
      for name in Set(all.compactMap(\.corruption)).sorted() {
        do throws(CorruptionError) {
          let corruption = try library.corruption(name, profile: experiment.profile)
          let domains = all.filter { $0.corruption == name }
          for severity in domains.compactMap(\.severity).sorted() {
            // Below 1 not every recipe says how to go on.
            _ = try corruption.pipeline(severity: severity.value)
          }
          corruptions[Name(name: name, profile: experiment.profile)] = corruption
        } catch {
          let isEvaluated = experiment.domains.contains { $0.corruption == name }
          problems.append(experiment.problem(isEvaluated ? "corruptions" : "adapt", "\(error)"))
        }
      }
      problems += experiment.methods.compactMap { experiment.problem(with: $0) }
    }
    var seen: Set<String> = []
    self.problems = problems.filter { seen.insert($0).inserted }
  }

  /// The recipe of a domain's corruption; nil for clean images. The plan has no problems.
  func corruption(of domain: Domain, profile: String) -> Corruption? {
    domain.corruption.map { corruptions[Name(name: $0, profile: profile)]! }
  }

  /// The hash of what corrupts the images of phases: of one corruption its recipe's, of several all of
  /// theirs; nil for clean images.
  func hash(of phases: [ShiftPhase], profile: String) -> String? {
    let names = Set(phases.flatMap(\.domains).compactMap(\.corruption)).sorted()
    let hashes = names.map { corruptions[Name(name: $0, profile: profile)]!.hash.description }
    return hashes.count > 1 ? ContentHashing.joined(hashes) : hashes.first
  }
}

extension Experiment {
  /// All domains whose images are adapted to or evaluated.
  fileprivate var allDomains: [Domain] {
    domains + streams.adapted(domains).flatMap { $0.shift.phases.flatMap(\.domains) }
  }

  /// What is wrong with one of its methods, if anything.
  fileprivate func problem(with method: MethodChoice) -> String? {
    do throws(EvaluationError) {
      let made = try method.makeMethod(adaptation)
      guard method.isAdaptive, !(made is AdaMerging), streams.evaluate.online != nil else {
        return nil
      }
      return problem(
        "methods",
        "\(method.name) calibrates once, on all images that it is given, and makes no steps, so there "
          + "is nothing to predict before or after a step; leave it out of this experiment, or "
          + "evaluate it under another protocol, as transductive or held-out")
    } catch {
      return "\(error)"
    }
  }
}
