public import Foundation
public import Results

/// How far a run is, from the files in its folder alone.
public struct RunStatus: Sendable {
  /// Numbers of cells.
  public struct Counts: Hashable, Sendable {
    public var done = 0
    /// Without a record, in a unit that somebody works on.
    public var running = 0
    public var failed = 0
    public var missing = 0

    public var total: Int { done + running + failed + missing }

    static func += (left: inout Counts, right: Counts) {
      left.done += right.done
      left.running += right.running
      left.failed += right.failed
      left.missing += right.missing
    }
  }

  /// A cell without a result.
  public struct Gap: Hashable, Sendable {
    public let title: String
    public let shard: Int
    /// Of a failed cell: why; of a missing one nil.
    public let failure: String?
  }

  public let manifest: RunManifest
  /// By shard.
  public let counts: [Counts]
  /// The last worker of each shard, on one line.
  public let workers: [String?]
  public let failed: [Gap]
  public let missing: [Gap]
  /// Cells a second lately; nil while there are too few to tell.
  public let rate: Double?
  /// The records that there are.
  public let records: [CellKey: CellRecord]

  /// Reads the folder.
  ///
  /// - Parameters:
  ///   - shards: how many there are; nil: as many as the last workers said, or one.
  ///   - now: what the age of files is told by.
  ///   - patience: how long a worker is believed to be alive after its last word.
  /// - Throws: `noRun`, `unreadableRun`, `unreadable`, `foreignRecord`.
  public init(
    of folder: String, shards: Int? = nil, now: Date = .now, patience: Duration = .seconds(180)
  ) throws(ResultError) {
    let manifest = try RunManifest(of: folder)
    let store = ResultStore(folder: folder)
    let logs = WorkerLog.all(of: folder)
    let count =
      shards ?? logs.max { $0.lastWord < $1.lastWord }?.log.holder.shard.count ?? 1
    let seconds = patience / .seconds(1)
    func isAlive(_ date: Date) -> Bool { now.timeIntervalSince(date) < seconds }

    var workers: [String?] = Array(repeating: nil, count: count)
    for (log, date) in logs where log.holder.shard.count == count {
      workers[log.holder.shard.index] = log.text(isAlive: isAlive(date))
    }
    let claimed = Self.claimedUnits(folder) { isAlive($0) }
    let titles = Dictionary(
      manifest.cells.map { ($0.key, $0.title) }, uniquingKeysWith: { first, _ in first })
    var counts = Array(repeating: Counts(), count: count)
    var records: [CellKey: CellRecord] = [:]
    var (failed, missing): ([Gap], [Gap]) = ([], [])
    let finished = store.keys
    for unit in manifest.units {
      let shard = Shard.index(of: unit.key, count: count)
      for key in unit.cells {
        guard finished.contains(key), let record = try store.record(of: key) else {
          if claimed.contains(unit.key.text) {
            counts[shard].running += 1
          } else {
            counts[shard].missing += 1
          }
          missing.append(Gap(title: titles[key]!, shard: shard, failure: nil))
          continue
        }
        records[key] = record
        if let reason = record.failure {
          counts[shard].failed += 1
          failed.append(Gap(title: titles[key]!, shard: shard, failure: reason))
        } else {
          counts[shard].done += 1
        }
      }
    }
    self.manifest = manifest
    self.counts = counts
    self.workers = workers
    self.failed = failed
    self.missing = missing
    self.records = records
    rate = Self.rate(records.keys.map { store.path(of: $0) })
  }

  public var total: Counts { counts.reduce(into: Counts()) { $0 += $1 } }

  /// The rows of the tables, in the order of the plan.
  public var rows: [ResultRecord] { manifest.rows(records) }

  /// Whether every cell has a record, a failure or not.
  public var isComplete: Bool { missing.isEmpty }

  private static func claimedUnits(
    _ folder: String, _ isAlive: (Date) -> Bool
  ) -> Set<String> {
    let claims = "\(folder)/run/claims"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: claims)) ?? []
    return Set(
      names.filter { name in
        let file = "\(claims)/\(name)/holder.json"
        let date =
          try? FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
        return date.map(isAlive) ?? false
      })
  }

  /// From the dates of the last hundred records, at least three.
  private static func rate(_ paths: [String]) -> Double? {
    let dates = paths.compactMap {
      (try? FileManager.default.attributesOfItem(atPath: $0)[.modificationDate] as? Date)?
        .timeIntervalSince1970
    }.sorted().suffix(100)
    guard dates.count >= 3, let first = dates.first, let last = dates.last, last > first else {
      return nil
    }
    return Double(dates.count - 1) / (last - first)
  }

  // MARK: Text

  /// The table of shards, with what is known of their workers, the rate and the time left.
  public var text: String {
    let unitCount = manifest.units.count
    var lines = [
      "\(manifest.plan): \(total.total) cells in \(unitCount) units, \(counts.count) "
        + (counts.count == 1 ? "shard" : "shards"),
      "",
      Self.line("shard", "done", "running", "failed", "missing", "worker"),
    ]
    for (index, count) in counts.enumerated() {
      lines.append(
        Self.line(
          "\(index)/\(counts.count)", count, workers[index] ?? "none has started"))
    }
    if counts.count > 1 { lines.append(Self.line("all", total, "")) }
    let left = total.missing + total.running
    if let rate, left > 0 {
      lines += [
        "",
        "\(Self.number(rate * 60)) cells a minute lately: about "
          + "\(Self.time(Double(left) / rate)) left for \(left) cells",
      ]
    }
    return lines.joined(separator: "\n")
  }

  /// What failed and what is missing, by shard, each failure with its reason; empty if nothing is.
  ///
  /// - Parameter limit: lines of each kind.
  public func gapsText(limit: Int = 20) -> String {
    var lines: [String] = []
    for gap in failed.prefix(limit) {
      lines.append("failed, shard \(gap.shard): \(gap.title): \(gap.failure!)")
    }
    if failed.count > limit { lines.append("... and \(failed.count - limit) more failed cells") }
    for (shard, count) in counts.enumerated() where count.missing + count.running > 0 {
      let cells = missing.filter { $0.shard == shard }
      lines.append(
        "missing, shard \(shard): \(cells.count) cells, as \(cells[0].title) "
          + "(\(workers[shard] ?? "no worker has started"))")
    }
    return lines.joined(separator: "\n")
  }

  private static func line(_ shard: String, _ counts: Counts, _ worker: String) -> String {
    line(
      shard, "\(counts.done)", "\(counts.running)", "\(counts.failed)", "\(counts.missing)", worker)
  }

  private static func line(_ columns: String...) -> String {
    var text = columns[0].padding(toLength: max(9, columns[0].count), withPad: " ", startingAt: 0)
    for column in columns[1..<columns.count - 1] {
      text += String(repeating: " ", count: max(1, 9 - column.count)) + column
    }
    return columns.last!.isEmpty ? text : "\(text)  \(columns.last!)"
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<120: String(format: "%.0f s", seconds)
    case ..<7200: String(format: "%.0f min", seconds / 60)
    default: String(format: "%.1f h", seconds / 3600)
    }
  }
}
