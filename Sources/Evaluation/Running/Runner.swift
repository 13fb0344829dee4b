public import Corruptions
public import Datasets
internal import Merging
public import Results
internal import Streams
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
  /// The least time between two writings of the tables while the run goes on.
  package var tableInterval = TableSchedule.interval

  private let codeVersion: String
  private let planned: [PlannedCell]
  let workbench: Workbench
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
    let recipes = PlanRecipes(plan.experiments, library: library)
    workbench = try Workbench(
      plan.suite, tasks: plan.tasks, file: plan.file, problems: recipes.problems)
    let identity = CellIdentity(workbench: workbench, recipes: recipes, environment: environment)
    planned = plan.cells.map { PlannedCell($0, ingredients: identity.ingredients(of: $0)) }
    units = RunUnit.units(of: planned, identity: identity)
    unitRunner = UnitRunner(
      identity,
      images: RunImages(
        workbench, recipes, gallery: "\(store.folder)/gallery", memoryLimit: memoryLimit),
      continuation: RunContinuation(folder: "\(store.folder)/run/states"))
    codeVersion = environment.codeVersion
  }

  /// What the folder is to hold: the cells that `filter` lets through.
  public func manifest(only filter: CellFilter? = nil) -> RunManifest {
    RunManifest(
      planned.filter { filter?.matches($0.cell) ?? true }, units: units, plan: plan.name,
      backbone: workbench.backbone, codeVersion: codeVersion,
      keepsPredictions: store.keepsPredictions)
  }

  /// How the run is stopped, and goes on after it was.
  public var continuation: RunContinuation {
    get { unitRunner.continuation }
    set { unitRunner.continuation = newValue }
  }

  /// What was left out of the tasks' images.
  public var skippedImages: [SkippedImages] { workbench.skippedImages }

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

  /// Has the cells that `filter` lets through computed again if they failed: what was in their way, a
  /// full disk or an image that was gone, may be no longer. Their records are set aside.
  ///
  /// - Returns: how many there are.
  /// - Throws: `result`.
  public func retryFailures(only filter: CellFilter?) throws(EvaluationError) -> Int {
    let (store, wanted) = (store, units(only: filter).flatMap(\.cells))
    return try Self.keeping { () throws(ResultError) in
      let lock = try RunLock(store.folder)
      defer { lock.release() }
      var count = 0
      for cell in wanted where try store.setFailureAside(cell.key) { count += 1 }
      return count
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
    let (store, manifest, isStopping) = (store, manifest(), isStopping)
    let folder = store.folder
    let lock = try Self.keeping { () throws(ResultError) in try RunLock(folder) }
    defer { lock.release() }
    try Self.keeping { () throws(ResultError) in try AtomicFile.removeLeftovers(in: folder) }
    try Self.keeping { () throws(ResultError) in
      try manifest.begin(in: folder, planText: plan.copy)
    }
    var worker = unitRunner
    defer { unitRunner = worker }
    var records = try finishedRecords(report)
    let asked = units.flatMap(\.cells)
    let pending = Set(asked.map(\.key).filter { !store.contains($0) })
    for cell in asked where !pending.contains(cell.key) {
      if let record = records[cell.key] { report(.finished(cell.cell, record)) }
    }
    let meter = Locked(WorkMeter())
    meter.withLock { $0.plan(units, pending: pending, on: workbench) }
    var schedule = TableSchedule(from: .now, interval: tableInterval)
    func writeTables() throws(EvaluationError) -> [ResultRecord] {
      let begin = ContinuousClock.now
      let rows = manifest.rows(records)
      try Self.keeping { () throws(ResultError) in try RunTables.write(rows, to: store) }
      schedule.wrote(from: begin, to: .now)
      return rows
    }
    var failure: EvaluationError?
    do throws(EvaluationError) {
      for unit in units {
        let cells = unit.cells.filter { pending.contains($0.key) }
        guard !cells.isEmpty else { continue }
        if isStopping() { throw .interrupted }
        try Self.compute(unit, cells, by: &worker, keeping: store) { activity, work in
          let fraction = meter.withLock { meter in
            meter.add(work)
            return meter.fraction
          }
          report(.progress(fraction, activity: activity))
        } finish: { (planned, _, record) throws(EvaluationError) in
          records[planned.key] = record
          report(.finished(planned.cell, record))
          if schedule.isDue(at: .now) { _ = try writeTables() }
          if isStopping() { throw .interrupted }
        }
      }
    } catch .interrupted {
      // What is finished is in the tables.
    } catch {
      failure = error
    }
    let rows: [ResultRecord]
    do throws(EvaluationError) {
      rows = try writeTables()
    } catch {
      // What ended the run comes first: a full disk holds no tables either.
      throw failure ?? error
    }
    if let failure { throw failure }
    let left = pending.count { records[$0] == nil }
    return Summary(
      records: rows, cells: asked.count, computed: pending.count - left,
      failed: asked.count { records[$0.key]?.failure != nil }, left: left)
  }

  /// What became of a unit that a worker computed.
  public struct UnitSummary: Sendable {
    public var computed = 0
    public var failed = 0
    /// Cells that another worker had recorded by the time.
    public var duplicates = 0
    /// Of those, cells whose figures were others.
    public var disagreements = 0
  }

  /// Computes the cells of one unit that have no record yet, as one of several workers: the tables are
  /// left to whoever finishes the run.
  ///
  /// - Parameters:
  ///   - unit: one of this runner's.
  ///   - report: called from any thread.
  /// - Throws: `interrupted` if the run was asked to stop; what keeps results from being kept:
  ///   `result`, `cache`.
  public mutating func compute(
    _ unit: RunUnit, _ report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws(EvaluationError) -> UnitSummary {
    let store = store
    let pending = unit.cells.filter { !store.contains($0.key) }
    var worker = unitRunner
    defer { unitRunner = worker }
    var summary = UnitSummary()
    let meter = Locked(WorkMeter())
    meter.withLock { $0.plan([unit], pending: Set(pending.map(\.key)), on: workbench) }
    try Self.compute(unit, pending, by: &worker, keeping: store) { activity, work in
      let fraction = meter.withLock { meter in
        meter.add(work)
        return meter.fraction
      }
      report(.progress(fraction, activity: activity))
    } finish: { (planned, record, kept) throws(EvaluationError) in
      summary.computed += 1
      if kept.failure != nil { summary.failed += 1 }
      if kept != record {
        summary.duplicates += 1
        if !kept.agrees(with: record) { summary.disagreements += 1 }
      }
      report(.finished(planned.cell, kept))
    }
    return summary
  }

  /// Computes cells of a unit and keeps their records.
  ///
  /// - Parameter finish: gets the record that was made, and the one that is kept.
  private static func compute(
    _ unit: RunUnit, _ cells: [PlannedCell], by worker: inout UnitRunner,
    keeping store: ResultStore, progress: @escaping UnitRunner.Progress,
    finish: (PlannedCell, _ record: CellRecord, _ kept: CellRecord) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    try worker.run(unit, cells, progress: progress) { (planned, result) throws(EvaluationError) in
      let kept = try keeping { () throws(ResultError) in
        try store.write(result.record, predictions: result.predictions)
      }
      try finish(planned, result.record, kept)
    }
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
}
