import ArgumentParser
import Evaluation
import Foundation
import Launching
import Results
import TensorCore

/// The life of one worker: takes unit after unit, says that it is alive, and stops in order.
struct WorkerSession {
  /// What other threads, of the clock and of signals, know of the worker.
  private final class Shared: Sendable {
    struct State {
      var log: WorkerLog
      var unit: CellKey?
      var hasEnded = false
    }

    let state: Locked<State>
    let claims: Claims
    let folder: String
    let requeuedJob: String?

    init(_ log: WorkerLog, _ claims: Claims, folder: String, requeuedJob: String?) {
      state = Locked(State(log: log))
      self.claims = claims
      self.folder = folder
      self.requeuedJob = requeuedJob
    }

    /// A sign of life.
    func refresh() {
      state.withLock { state in
        if let unit = state.unit { claims.refresh(unit) }
        state.log.refresh(in: folder)
      }
    }

    /// Gives back what is claimed and writes down how the worker ended, once.
    func end(_ outcome: WorkerLog.State) {
      state.withLock { state in
        guard !state.hasEnded else { return }
        state.hasEnded = true
        if let unit = state.unit { claims.release(unit) }
        state.unit = nil
        state.log.state = outcome
        do {
          try state.log.write(to: folder)
        } catch {
          StandardError.write("\(error)\n")
        }
      }
    }

    /// Ends because of a signal; a job whose time is up gets a new one.
    func stop(_ reason: StopRequest.Reason) {
      end(.stopped(reason: reason.text))
      guard reason == .timeLimit, let requeuedJob else { return }
      do {
        try SlurmClient().requeue(requeuedJob)
      } catch {
        StandardError.write("the job is not requeued: \(error)\n")
      }
    }
  }

  private var runner: Runner
  private let manifest: RunManifest
  private let units: [CellKey: RunUnit]
  private var queue: WorkQueue
  private let shared: Shared
  private let stop: StopRequest
  private let bar = ProgressBar()
  private let timeToLive: Duration
  /// Of the cells that it computed.
  private var failed = 0

  /// - Parameter requeuedJob: the Slurm job to requeue when the time is up; nil: none.
  init(
    _ runner: Runner, manifest: RunManifest, shard: Shard, steals: Bool, timeToLive: Duration,
    grace: Duration, keepEvery: Duration, requeuedJob: String?
  ) {
    let folder = runner.store.folder
    let holder = Claims.Holder.current(shard)
    let claims = Claims(results: folder, holder: holder, timeToLive: timeToLive)
    let wanted = Set(manifest.cells.map(\.key))
    let all = runner.units.compactMap { unit in unit.keeping(wanted) }
    units = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
    queue = WorkQueue(
      all.map { WorkQueue.Unit(key: $0.key, cells: $0.cells.map(\.key)) }, shard: shard,
      steals: steals, store: runner.store, claims: claims)
    let shared = Shared(WorkerLog(holder), claims, folder: folder, requeuedJob: requeuedJob)
    let stop = StopRequest(grace: grace, end: { shared.stop($0) })
    let asked = stop.state
    self.shared = shared
    self.stop = stop
    self.manifest = manifest
    self.timeToLive = timeToLive
    self.runner = runner
    self.runner.continuation.interval = keepEvery
    self.runner.continuation.isStopping = { asked.reason != nil }
  }

  /// Works until nothing is left for this worker, or it is told to stop.
  ///
  /// - Throws: the exit code of how it ended.
  mutating func run() throws {
    let folder = runner.store.folder
    try shared.state.withLock { try $0.log.write(to: folder) }
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now(), repeating: timeToLive / .seconds(6))
    timer.setEventHandler { [shared] in shared.refresh() }
    timer.resume()
    defer { timer.cancel() }
    do {
      try work()
    } catch EvaluationError.interrupted {
      try endStopped()
    } catch {
      shared.end(.failed(reason: "\(error)"))
      throw error
    }
    if stop.state.reason != nil { try endStopped() }
    bar.finish()
    shared.end(.finished)
    try finish()
  }

  private mutating func work() throws {
    bar.message(
      "\(manifest.plan): shard \(queue.shard), \(queue.count) of \(units.count) units, "
        + "\(Parallel.threadCount) threads")
    var done = 0
    while stop.state.reason == nil {
      switch try queue.next() {
      case .done: return
      case .wait: Thread.sleep(forTimeInterval: min(2, timeToLive / .seconds(8)))
      case .compute(let key):
        try compute(units[key]!, done: done)
        done += 1
      }
    }
  }

  private mutating func compute(_ unit: RunUnit, done: Int) throws {
    let isStolen = !queue.shard.owns(unit.key)
    shared.state.withLock { $0.unit = unit.key }
    let bar = bar
    let total = Double(done + 1 + queue.count)
    let shared = shared
    let summary = try runner.compute(unit) { event in
      switch event {
      case .progress(let fraction, let activity):
        bar.update((Double(done) + fraction) / total, activity)
      case .finished(let cell, let record):
        shared.state.withLock { state in
          state.log.computed += 1
          if isStolen { state.log.stolen += 1 }
        }
        guard let reason = record.failure else { return }
        bar.message("failed: \(cell.title): \(reason)")
      case .setAside(let path, let damage):
        bar.message("\(damage.problem); moved to \(path), its cell is computed again")
      }
    }
    shared.state.withLock { state in
      shared.claims.release(unit.key)
      state.unit = nil
    }
    failed += summary.failed
    if summary.duplicates > 0 {
      bar.message(
        "\(summary.duplicates) cells of \(unit.adaptation.method.title) had been recorded by another "
          + "worker by the time, \(summary.disagreements) with other figures")
    }
  }

  /// Ends with the code that tells the scheduler why.
  private func endStopped() throws -> Never {
    bar.finish()
    let reason = stop.state.reason!
    bar.message("stopped, \(reason.text); what is finished is kept")
    shared.stop(reason)
    throw ExitCode(reason.exitCode)
  }

  /// Says how far the run is; the worker that finishes it writes the tables.
  private func finish() throws {
    let keys = Set(manifest.cells.map(\.key))
    let finished = runner.store.keys
    let log = shared.state.withLock { $0.log }
    print(
      "shard \(queue.shard): \(log.computed) cells computed"
        + (log.stolen > 0 ? ", \(log.stolen) of them other shards'" : ""))
    if keys.isSubset(of: finished) {
      let status = try RunStatus(of: runner.store.folder, shards: queue.shard.count)
      try RunTables.write(status.rows, to: runner.store)
      CollectCommand.tell(status, of: runner.store)
    } else {
      print("\(keys.subtracting(finished).count) of \(keys.count) cells are left to others")
    }
    if failed > 0 { throw CommandFailure.cellsFailed(failed, of: log.computed) }
  }
}

extension Claims.Holder {
  /// This process, as the worker of `shard`.
  fileprivate static func current(_ shard: Shard) -> Claims.Holder {
    let information = ProcessInfo.processInfo
    let variables = information.environment
    let job =
      if let array = variables["SLURM_ARRAY_JOB_ID"], let task = variables["SLURM_ARRAY_TASK_ID"] {
        "\(array)_\(task)"
      } else {
        variables["SLURM_JOB_ID"]
      }
    // Nodes of one machine, as in tests of clusters, have names of their own.
    return Claims.Holder(
      shard: shard, host: variables["SLURMD_NODENAME"] ?? information.hostName,
      process: information.processIdentifier, job: job)
  }
}
