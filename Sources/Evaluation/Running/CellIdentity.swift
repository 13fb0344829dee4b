internal import Merging
internal import Results
internal import Streams
internal import TensorCore

/// What determines the results of cells and adaptations, by name, and where they come from.
struct CellIdentity: Sendable {
  let workbench: Workbench
  let recipes: PlanRecipes
  let environment: RunEnvironment

  /// Of everything that cells of one adaptation have in common.
  func ingredients(of adaptation: Adaptation) -> [String: String] {
    var ingredients = [
      "code": environment.codeVersion,
      "method": adaptation.method.name,
      "options": adaptation.method.optionsText,
      "seen": adaptation.seen.joined(separator: ","),
      "seed": "\(adaptation.seed)",
      "weights": workbench.weightsHash(experts: adaptation.seen, heads: adaptation.seen),
      "data": workbench.dataHash(adaptation.seen),
      "preprocessing": workbench.preprocessing.fingerprint,
    ]
    if let stream = adaptation.stream {
      ingredients["adaptation"] = adaptation.settings.title
      ingredients["adapt"] = stream.text
      if let hash = recipes.hash(of: stream.shift.phases, profile: adaptation.profile) {
        ingredients["profile"] = adaptation.profile
        ingredients["adapt recipe"] = hash
      }
    }
    return ingredients
  }

  func ingredients(of cell: Cell) -> [String: String] {
    var ingredients = ingredients(of: cell.adaptation)
    ingredients["unseen"] = cell.unseen.joined(separator: ",")
    ingredients["evaluate"] = cell.evaluate.text
    ingredients["weights"] = weightsHash(cell)
    ingredients["data"] = workbench.dataHash(cell.tasks)
    if let online = cell.online { ingredients["online"] = online.rawValue }
    if let boundary = cell.boundary { ingredients["boundary"] = "\(boundary)" }
    if let hash = recipes.hash(of: [cell.evaluate.phase], profile: cell.profile) {
      ingredients["profile"] = cell.profile
      ingredients["recipe"] = hash
    }
    return ingredients
  }

  func provenance(of cell: Cell) -> Provenance {
    Provenance(
      codeVersion: environment.codeVersion,
      recipeHash: recipes.hash(of: [cell.evaluate.phase], profile: cell.profile),
      weightsHash: weightsHash(cell), dataHash: workbench.dataHash(cell.tasks), seed: cell.seed,
      blas: environment.blas, cpuPath: environment.cpuPath, threads: Parallel.threadCount)
  }

  /// The tasks whose experts a cell's method looks at.
  static func experts(of cell: Cell) -> [String] {
    cell.method.usesEveryExpert ? cell.tasks : cell.seen
  }

  private func weightsHash(_ cell: Cell) -> String {
    workbench.weightsHash(experts: Self.experts(of: cell), heads: cell.tasks)
  }
}
