internal import Results
internal import Streams

extension WorkMeter {
  /// Plans what `units` take.
  ///
  /// - Parameter pending: the cells without a record; the others of the units cost nothing.
  mutating func plan(_ units: [RunUnit], pending: Set<CellKey>, on workbench: Workbench) {
    var prepared: Set<BatchCache.Key> = []
    for unit in units {
      let cells = unit.cells.filter { pending.contains($0.key) }.map(\.cell)
      guard !cells.isEmpty else { continue }
      plan(adaptationOf: unit.adaptation, for: cells, on: workbench, &prepared)
      for cell in cells where cell.online == nil {
        for task in cell.tasks {
          plan(preparationOf: task, cell.evaluate.phase, unit.adaptation, on: workbench, &prepared)
          let plan = cell.evaluate.selection
          let count =
            plan == .all
            ? workbench[task].images.count
            : (try? workbench.selection(task, plan, seed: cell.seed).count) ?? 0
          self.plan(Double(count))
        }
      }
    }
  }

  private mutating func plan(
    adaptationOf adaptation: Adaptation, for cells: [Cell], on workbench: Workbench,
    _ prepared: inout Set<BatchCache.Key>
  ) {
    guard let stream = adaptation.stream else { return }
    let load = AdaptationLoad(adaptation) { task in
      (try? workbench.selection(task, stream.selection, seed: adaptation.seed).count) ?? 0
    }
    guard let load else { return }
    let count = stream.shift.phases.count
    let last = cells.map { $0.boundary ?? count }.max() ?? 0
    for (index, phase) in load.phases.prefix(last).enumerated() {
      for task in adaptation.seen {
        plan(preparationOf: task, phase, adaptation, on: workbench, &prepared)
      }
      let orders = Set(
        cells.filter { ($0.boundary ?? count) == index + 1 }.compactMap(\.online))
      plan((Self.adaptationWeight + Double(orders.count)) * Double(load.imagesPerPhase))
    }
  }

  private mutating func plan(
    preparationOf task: String, _ phase: ShiftPhase, _ adaptation: Adaptation,
    on workbench: Workbench, _ prepared: inout Set<BatchCache.Key>
  ) {
    let key = RunImages.key(task, phase, profile: adaptation.profile, seed: adaptation.seed)
    guard prepared.insert(key).inserted else { return }
    plan(Self.preparationWeight * Double(workbench[task].images.count))
  }
}
