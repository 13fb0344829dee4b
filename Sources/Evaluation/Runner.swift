public import Corruptions
public import Datasets
internal import Foundation
internal import Imaging
internal import Merging
public import Results
internal import Streams
internal import Synchronization
internal import TensorCore

/// What the results of a run say of the program and the machine that made them.
public struct RunEnvironment: Sendable {
  /// Part of every cell's key: another version computes its cells anew.
  public let codeVersion: String
  public let blas: String
  public let cpuPath: String

  public init(codeVersion: String, blas: String, cpuPath: String) {
    self.codeVersion = codeVersion
    self.blas = blas
    self.cpuPath = cpuPath
  }
}

/// Runs a plan's cells one after another, each on all threads, and keeps every result as soon as it
/// is there. Cells whose record exists are not computed again; a cell that fails is recorded with
/// its reason, and the others go on.
///
/// The protocol is the published, transductive one: a method that adapts does so on the unlabeled
/// test images of the seen tasks under the cell's domain; the merged model is then evaluated on all
/// test images of all the cell's tasks under the same domain.
public struct Runner: Sendable {
  public let plan: Plan
  public let store: ResultStore
  /// Where the table of results is kept.
  public var tablePath: String { "\(store.folder)/results.csv" }

  private let workbench: Workbench
  private let environment: RunEnvironment
  private let recipes: PlanRecipes
  private var cache: BatchCache
  private var bank: (experts: [String], bank: TaskVectorBank)?

  /// Opens everything that the plan names, and checks it as a whole.
  ///
  /// - Parameters:
  ///   - library: the recipes.
  ///   - memoryLimit: bytes for prepared images.
  /// - Throws: `unsuitable`, with all that is wrong.
  public init(
    _ plan: Plan, library: RecipeLibrary, store: ResultStore, environment: RunEnvironment,
    memoryLimit: Int = 2 << 30
  ) throws(EvaluationError) {
    self.plan = plan
    self.store = store
    self.environment = environment
    cache = BatchCache(memoryLimit: memoryLimit)
    recipes = PlanRecipes(plan, library: library)
    workbench = try Workbench(
      plan.suite, tasks: plan.tasks, file: plan.file, problems: recipes.problems)
  }

  /// What was left out of the tasks' images.
  public var skippedImages: [SkippedImages] { workbench.skippedImages }

  /// How often a data set was prepared in this run.
  package var preparationCount: Int { cache.preparationCount }

  // MARK: Running

  /// What came out of a run.
  public struct Summary: Sendable {
    /// One row per cell and task, in the order of the plan.
    public let records: [ResultRecord]
    public let cells: Int
    public let computed: Int
    public let failed: Int
  }

  /// Computes the cells that have no record yet, and writes the table of all.
  ///
  /// - Parameter report: called from any thread.
  /// - Throws: only what keeps results from being kept: `result`, `cache`.
  public mutating func run(
    _ report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws(EvaluationError) -> Summary {
    let cells = plan.cells
    let ingredients = cells.map(ingredients(of:))
    let keys = ingredients.map(CellKey.init)
    let meter = Mutex(WorkMeter())
    let pending = Set(zip(cells, keys).filter { !store.contains($0.1) }.map(\.1))
    meter.withLock { planWork(cells, keys, pending, &$0) }

    var records: [CellRecord?] = Array(repeating: nil, count: cells.count)
    var computed = 0
    var lastTable = ContinuousClock.now
    for (index, cell) in cells.enumerated() {
      let record: CellRecord
      if let finished = try finished(keys[index]) {
        record = finished
      } else {
        record = try compute(cell, ingredients[index]) { activity, units in
          let fraction = meter.withLock { meter in
            meter.add(units)
            return meter.fraction
          }
          report(.progress(fraction, activity: activity))
        }
        computed += 1
      }
      records[index] = record
      report(.finished(cell, record))
      // Often enough to look at, seldom enough to cost nothing.
      if ContinuousClock.now - lastTable > .milliseconds(500) {
        try writeTable(cells, records)
        lastTable = ContinuousClock.now
      }
    }
    try writeTable(cells, records)
    let rows = rows(cells, records)
    return Summary(
      records: rows, cells: cells.count, computed: computed,
      failed: records.count { $0?.failure != nil })
  }

  private func finished(_ key: CellKey) throws(EvaluationError) -> CellRecord? {
    do {
      return try store.record(of: key)
    } catch {
      throw .result(error)
    }
  }

  private mutating func compute(
    _ cell: Cell, _ ingredients: [String: String],
    progress: @escaping @Sendable (_ activity: String, _ units: Double) -> Void
  ) throws(EvaluationError) -> CellRecord {
    var adaptationTime = Duration.zero
    var time = Duration.zero
    let outcome: CellRecord.Outcome
    do throws(EvaluationError) {
      let images = try prepare(cell) { progress("preparing \(cell.domain)", $0) }
      let clock = ContinuousClock()
      let start = clock.now
      let merged = try merge(cell, images) { progress("\(cell.method.title), \(cell.domain)", $0) }
      adaptationTime = clock.now - start
      let measurements = try evaluate(cell, merged, images) {
        progress("\(cell.method.title), \(cell.domain)", $0)
      }
      time = clock.now - start
      outcome = .measured(measurements)
    } catch .cache(let path, let reason) {
      // Not the cell's fault: nothing is recorded.
      throw .cache(path: path, reason: reason)
    } catch {
      outcome = .failed(reason: "\(error)")
    }
    let record = CellRecord(
      ingredients: ingredients, outcome: outcome, adaptationSeconds: adaptationTime / .seconds(1),
      seconds: time / .seconds(1), provenance: provenance(of: cell))
    do {
      try store.write(record)
    } catch {
      throw .result(error)
    }
    return record
  }

  private mutating func prepare(
    _ cell: Cell, progress: (Double) -> Void
  ) throws(EvaluationError) -> [String: PreparedImages] {
    var prepared: [String: PreparedImages] = [:]
    let preprocessor = Preprocessor(
      preprocessing: workbench.preprocessing, domain: cell.domain,
      corruption: recipes[cell], seed: cell.seed)
    for task in cell.tasks {
      var before = 0
      prepared[task] = try cache.images(
        cacheKey(cell, task), of: workbench[task].images, by: preprocessor
      ) { done in
        progress(WorkMeter.preparationWeight * Double(done - before))
        before = done
      }
    }
    return prepared
  }

  private mutating func merge(
    _ cell: Cell, _ images: [String: PreparedImages],
    progress: @escaping @Sendable (Double) -> Void
  ) throws(EvaluationError) -> MergedModel {
    let method = try cell.method.makeMethod(cell.adaptation)
    let bank = try bank(of: cell)
    var data: AdaptationData?
    if cell.method.isAdaptive {
      // The method's own options may have changed the plan's settings.
      let settings = (method as? any AdaptiveMethod)?.settings ?? cell.adaptation
      data = AdaptationData(
        encoder: workbench.encoder,
        tasks: cell.seen.map { task in
          workbench.adaptationTask(
            task, images: images[task]!, domain: cell.domain, settings: settings, seed: cell.seed
          ) { progress(WorkMeter.adaptationWeight * Double($0)) }
        })
    }
    do {
      return try method.merge(bank, adaptingTo: data)
    } catch {
      throw .merging(error)
    }
  }

  private func evaluate(
    _ cell: Cell, _ merged: MergedModel, _ images: [String: PreparedImages],
    progress: (Double) -> Void
  ) throws(EvaluationError) -> [TaskMeasurement] {
    do throws(MergingError) {
      return try cell.tasks.map { (task) throws(MergingError) in
        let predictions = workbench.predict(
          images[task]!, of: task, parameters: try merged.parameters(for: task)
        ) { progress(Double($0)) }
        return workbench.measure(predictions, of: task, seen: cell.seen.contains(task))
      }
    } catch {
      throw .merging(error)
    }
  }

  /// The experts of one set of tasks; the last set is kept.
  private mutating func bank(of cell: Cell) throws(EvaluationError) -> TaskVectorBank {
    let experts = experts(of: cell)
    if let bank, bank.experts == experts { return bank.bank }
    bank = nil
    let made = try workbench.bank(of: experts)
    bank = (experts, made)
    return made
  }

  // MARK: What determines a cell

  private func experts(of cell: Cell) -> [String] {
    cell.method.usesEveryExpert ? cell.tasks : cell.seen
  }

  private func cacheKey(_ cell: Cell, _ task: String) -> BatchCache.Key {
    let isClean = cell.domain == .clean
    return BatchCache.Key(
      task: task, domain: cell.domain, profile: isClean ? "" : cell.profile,
      seed: isClean ? 0 : cell.seed)
  }

  private func ingredients(of cell: Cell) -> [String: String] {
    var ingredients = [
      "code": environment.codeVersion,
      "method": cell.method.name,
      "options": cell.method.optionsText,
      "seen": cell.seen.joined(separator: ","),
      "unseen": cell.unseen.joined(separator: ","),
      "domain": cell.domain.description,
      "seed": "\(cell.seed)",
      "weights": workbench.weightsHash(experts: experts(of: cell), heads: cell.tasks),
      "data": workbench.dataHash(cell.tasks),
      "preprocessing": workbench.preprocessing.fingerprint,
    ]
    if let corruption = recipes[cell] {
      ingredients["profile"] = cell.profile
      ingredients["recipe"] = corruption.hash.description
    }
    if cell.method.isAdaptive { ingredients["adaptation"] = cell.adaptation.title }
    return ingredients
  }

  private func provenance(of cell: Cell) -> Provenance {
    Provenance(
      codeVersion: environment.codeVersion, recipeHash: recipes[cell]?.hash.description,
      weightsHash: workbench.weightsHash(experts: experts(of: cell), heads: cell.tasks),
      dataHash: workbench.dataHash(cell.tasks), seed: cell.seed, blas: environment.blas,
      cpuPath: environment.cpuPath, threads: Parallel.threadCount)
  }

  // MARK: Work and table

  private func planWork(
    _ cells: [Cell], _ keys: [CellKey], _ pending: Set<CellKey>, _ meter: inout WorkMeter
  ) {
    var (planned, prepared): (Set<CellKey>, Set<BatchCache.Key>) = ([], [])
    for (cell, key) in zip(cells, keys) where pending.contains(key) {
      guard planned.insert(key).inserted else { continue }
      for task in cell.tasks {
        let count = Double(workbench[task].images.count)
        meter.plan(count)
        if prepared.insert(cacheKey(cell, task)).inserted {
          meter.plan(WorkMeter.preparationWeight * count)
        }
      }
      guard cell.method.isAdaptive else { continue }
      let method = try? cell.method.makeMethod(cell.adaptation)
      let settings = (method as? any AdaptiveMethod)?.settings ?? cell.adaptation
      for task in cell.seen {
        let count = settings.imageCount(ofTaskWith: workbench[task].images.count)
        meter.plan(WorkMeter.adaptationWeight * Double(count))
      }
    }
  }

  private func rows(_ cells: [Cell], _ records: [CellRecord?]) -> [ResultRecord] {
    zip(cells, records).flatMap { cell, record -> [ResultRecord] in
      guard let record else { return [] }
      return cell.tasks.map { task in
        ResultRecord(
          experiment: cell.experiment, method: cell.method.name,
          methodOptions: cell.method.optionsText, backbone: workbench.backbone, task: task,
          seen: cell.seen.contains(task), corruption: cell.domain.name,
          severity: cell.domain.severity, profile: cell.profile, adaptation: cell.adaptation.title,
          record: record)
      }
    }
  }

  private func writeTable(_ cells: [Cell], _ records: [CellRecord?]) throws(EvaluationError) {
    do {
      try ResultTable.write(rows(cells, records), to: tablePath)
    } catch {
      throw .result(error)
    }
  }
}
