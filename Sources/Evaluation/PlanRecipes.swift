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

  init(_ plan: Plan, library: RecipeLibrary) {
    var problems: [String] = []
    for experiment in plan.experiments {
      for name in Set(experiment.domains.compactMap(\.corruption)).sorted() {
        do throws(CorruptionError) {
          let corruption = try library.corruption(name, profile: experiment.profile)
          let domains = experiment.domains.filter { $0.corruption == name }
          for severity in domains.compactMap(\.severity) {
            // Below 1 not every recipe says how to go on.
            _ = try corruption.pipeline(severity: severity.value)
          }
          corruptions[Name(name: name, profile: experiment.profile)] = corruption
        } catch {
          problems.append("experiment \(experiment.name): \(error)")
        }
      }
      for method in experiment.methods {
        do throws(EvaluationError) {
          _ = try method.makeMethod(experiment.adaptation)
        } catch {
          problems.append("\(error)")
        }
      }
    }
    var seen: Set<String> = []
    self.problems = problems.filter { seen.insert($0).inserted }
  }

  /// The corruption of a cell's images; nil for clean ones. The plan has no problems.
  subscript(cell: Cell) -> Corruption? {
    cell.domain.corruption.map { corruptions[Name(name: $0, profile: cell.profile)]! }
  }
}
