public import Corruptions
internal import Merging
public import Results
internal import Streams
internal import Synchronization
internal import TensorCore

/// Runs a plan's units one after another, each on all threads, and keeps every result as soon as it
/// is there. Cells whose record exists are not computed again; a cell that fails is recorded with
/// its reason, and the others go on.
public struct Runner: Sendable {
  public let plan: Plan
  public let store: ResultStore
  /// Where the table of results is kept.
  public var tablePath: String { "\(store.folder)/results.csv" }
  /// What the plan's cells run in.
  public let units: [RunUnit]
  /// Whether the run is asked to stop: it ends when the cell that it is at is done.
  public var isStopping: @Sendable () -> Bool = { false }

  private let planned: [PlannedCell]
  private let workbench: Workbench
  private var unitRunner: UnitRunner

  /// Opens everything that the plan names, and checks it as a whole.
  ///
  /// - Parameters:
  ///   - library: the recipes.
  ///   - memoryLimit: bytes for prepared images; 0: units share none.
  /// - Throws: `unsuitable`, with all that is wrong.
  public init(
    _ plan: Plan, library: RecipeLibrary, store: ResultStore, environment: RunEnvironment,
    memoryLimit: Int = 2 << 30
  ) throws(EvaluationError) {
    self.plan = plan
    self.store = store
    let recipes = PlanRecipes(plan, library: library)
    workbench = try Workbench(
      plan.suite, tasks: plan.tasks, file: plan.file, problems: recipes.problems)
    let identity = CellIdentity(workbench: workbench, recipes: recipes, environment: environment)
    planned = plan.cells.map { PlannedCell($0, ingredients: identity.ingredients(of: $0)) }
    units = RunUnit.units(of: planned, identity: identity)
    unitRunner = UnitRunner(
      identity,
      images: RunImages(
        workbench, recipes, gallery: "\(store.folder)/gallery", memoryLimit: memoryLimit))
  }

  /// How often a data set was prepared in this run.
  package var preparationCount: Int { unitRunner.images.cache.preparationCount }
  /// How often a method adapted in this run.
  package var adaptationCount: Int { unitRunner.adaptationCount }

  // MARK: Running

  /// What came out of a run.
  public struct Summary: Sendable {
    /// One row per cell and task, in the order of the plan; cells without a record are left out.
    public let records: [ResultRecord]
    /// Those that were asked for; one that several experiments share counts once.
    public let cells: Int
    public let computed: Int
    /// Of those that were asked for.
    public let failed: Int
    /// Of those that were asked for: without a record, because the run was asked to stop.
    public let left: Int
  }

  /// The units of the cells that `filter` lets through, with these cells alone.
  ///
  /// - Parameter limit: the most cells without a record that are kept; nil: all.
  public func units(only filter: CellFilter?, limit: Int? = nil) -> [RunUnit] {
    let wanted = Set(planned.filter { filter?.matches($0.cell) ?? true }.map(\.key))
    var left = limit ?? .max
    return units.compactMap { unit in
      var unit = unit
      unit.cells = unit.cells.filter { planned in
        guard wanted.contains(planned.key) else { return false }
        guard !store.contains(planned.key) else { return true }
        left -= 1
        return left >= 0
      }
      return unit.cells.isEmpty ? nil : unit
    }
  }

  /// Computes all cells that have no record yet, and writes the tables.
  ///
  /// - Parameter report: called from any thread.
  /// - Throws: only what keeps results from being kept: `result`, `cache`.
  public mutating func run(
    _ report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws(EvaluationError) -> Summary {
    try run(units, report)
  }

  /// Computes the cells of `units`, some of this runner's, that have no record yet, and writes the
  /// tables of all the plan's records.
  ///
  /// A file of a cell that is damaged is set aside, and its cell computed again.
  ///
  /// - Parameter report: called from any thread.
  /// - Throws: only what keeps results from being kept: `result`, `cache`; `changedFile` if weights
  ///   are no longer those that the run began with.
  public mutating func run(
    _ units: [RunUnit], _ report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws(EvaluationError) -> Summary {
    let folder = store.folder
    let lock = try Self.keeping { () throws(ResultError) in try RunLock(folder) }
    defer { lock.release() }
    try Self.keeping { () throws(ResultError) in try AtomicFile.removeLeftovers(in: folder) }
    let (store, planned, backbone) = (store, planned, workbench.backbone)
    let isStopping = isStopping
    var worker = unitRunner
    defer { unitRunner = worker }
    var records = try finishedRecords(report)
    let asked = units.flatMap(\.cells)
    let pending = Set(asked.map(\.key).filter { !store.contains($0) })
    for cell in asked where !pending.contains(cell.key) {
      if let record = records[cell.key] { report(.finished(cell.cell, record)) }
    }
    let meter = Mutex(WorkMeter())
    meter.withLock { $0.plan(units, pending: pending, on: workbench) }
    var lastTable = ContinuousClock.now
    var change: EvaluationError?
    do throws(EvaluationError) {
      for unit in units {
        let cells = unit.cells.filter { pending.contains($0.key) }
        guard !cells.isEmpty else { continue }
        if isStopping() { throw .interrupted }
        try worker.run(unit, cells) { activity, work in
          let fraction = meter.withLock { meter in
            meter.add(work)
            return meter.fraction
          }
          report(.progress(fraction, activity: activity))
        } finish: { (cell, result) throws(EvaluationError) in
          let record = try Self.keeping { () throws(ResultError) in
            try store.write(result.record, predictions: result.predictions)
          }
          records[cell.key] = record
          report(.finished(cell.cell, record))
          // Often enough to look at, seldom enough to cost nothing.
          if ContinuousClock.now - lastTable > .milliseconds(500) {
            let rows = Self.rows(planned, records, backbone: backbone)
            try Self.keeping { () throws(ResultError) in
              try ResultTable.write(rows, to: "\(store.folder)/results.csv")
            }
            lastTable = ContinuousClock.now
          }
          if isStopping() { throw .interrupted }
        }
      }
    } catch .interrupted {
      // What is finished is in the tables.
    } catch .changedFile(let path) {
      change = .changedFile(path)
    }
    let rows = Self.rows(planned, records, backbone: backbone)
    try Self.keeping { () throws(ResultError) in
      try RunTables.write(rows, to: store)
    }
    if let change { throw change }
    let left = pending.count { records[$0] == nil }
    return Summary(
      records: rows, cells: asked.count, computed: pending.count - left,
      failed: asked.count { records[$0.key]?.failure != nil }, left: left)
  }

  private func finishedRecords(
    _ report: @Sendable (RunEvent) -> Void
  ) throws(EvaluationError) -> [CellKey: CellRecord] {
    var records: [CellKey: CellRecord] = [:]
    for key in Set(planned.map(\.key)) {
      records[key] = try Self.keeping { () throws(ResultError) in
        try store.soundRecord(of: key) { report(.setAside(path: $0, damage: $1)) }
      }
    }
    return records
  }

  private static func keeping<Value>(
    _ work: () throws(ResultError) -> Value
  ) throws(EvaluationError) -> Value {
    do {
      return try work()
    } catch {
      throw .result(error)
    }
  }

  // MARK: Estimate and rows

  /// What a run would do.
  public struct Estimate: Sendable {
    public let units: Int
    public let cells: Int
    /// Without a record.
    public let pending: Int
    /// On this machine and these threads, from a few images.
    public let seconds: Double
  }

  /// What a run of `units` would do.
  public func estimate(_ units: [RunUnit]) -> Estimate {
    let cells = units.flatMap(\.cells)
    let pending = Set(cells.map(\.key).filter { !store.contains($0) })
    var meter = WorkMeter()
    meter.plan(units, pending: pending, on: workbench)
    let seconds = pending.isEmpty ? 0 : meter.total * ModelSpeed(workbench.baseModel).forward
    return Estimate(
      units: units.count, cells: cells.count, pending: pending.count, seconds: seconds)
  }

  private static func rows(
    _ planned: [PlannedCell], _ records: [CellKey: CellRecord], backbone: String
  ) -> [ResultRecord] {
    planned.flatMap { planned -> [ResultRecord] in
      guard let record = records[planned.key] else { return [] }
      let cell = planned.cell
      return cell.tasks.map { task in
        ResultRecord(
          experiment: cell.experiment, method: cell.method.name,
          methodOptions: cell.method.optionsText, isGridPoint: cell.method.isGridPoint,
          backbone: backbone, task: task, seen: cell.seen.contains(task),
          protocolName: cell.protocolName.rawValue, adaptStream: cell.adaptText,
          evaluateStream: cell.evaluate.text, boundary: cell.boundary,
          corruption: cell.domain?.name ?? "mixed", severity: cell.domain?.severity,
          profile: cell.profile, adaptation: cell.adaptation.settings.title, record: record)
      }
    }
  }
}
