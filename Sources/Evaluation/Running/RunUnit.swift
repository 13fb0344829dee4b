public import Results

/// A cell with everything that determines its result.
public struct PlannedCell: Hashable, Sendable {
  public let cell: Cell
  /// What the key is the hash of.
  public let ingredients: [String: String]
  public let key: CellKey

  init(_ cell: Cell, ingredients: [String: String]) {
    self.cell = cell
    self.ingredients = ingredients
    key = CellKey(ingredients)
  }
}

/// What runs as a whole: one adaptation and all cells that evaluate it, or a single cell of a method
/// that does not adapt. Units depend on nothing but the plan and its files, so that several machines
/// can share them out by their keys.
public struct RunUnit: Hashable, Sendable {
  /// The hash of what determines the adaptation; of a method that does not adapt, the cell's key.
  public let key: CellKey
  public let adaptation: Adaptation
  /// Each key once, in the order of the plan.
  public internal(set) var cells: [PlannedCell]

  /// The unit with those of its cells alone whose keys are in `keys`; nil if none is.
  public func keeping(_ keys: Set<CellKey>) -> RunUnit? {
    var unit = self
    unit.cells = cells.filter { keys.contains($0.key) }
    return unit.cells.isEmpty ? nil : unit
  }

  /// The units of cells, in the order in which the cells first ask for them.
  static func units(of cells: [PlannedCell], identity: CellIdentity) -> [RunUnit] {
    var units: [RunUnit] = []
    var places: [CellKey: Int] = [:]
    var known: Set<CellKey> = []
    for planned in cells where known.insert(planned.key).inserted {
      let adaptation = planned.cell.adaptation
      let key =
        adaptation.stream == nil
        ? planned.key : CellKey(identity.ingredients(of: adaptation))
      if let place = places[key] {
        units[place].cells.append(planned)
      } else {
        places[key] = units.count
        units.append(RunUnit(key: key, adaptation: adaptation, cells: [planned]))
      }
    }
    return units
  }
}
