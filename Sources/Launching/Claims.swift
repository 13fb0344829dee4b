internal import Foundation
public import Results
internal import TensorCore

/// Who works on which unit: a folder of folders, one per unit that is being computed, in the results
/// folder. Making a folder is atomic on every file system, also over a network: of several workers one
/// gets the unit. A holder refreshes its claim; one that was not refreshed for the time to live is
/// another's to take.
///
/// Claims save work, they do not protect results: where two workers hold one unit all the same (a
/// network that was cut for longer than the time to live), both compute the same records, and the
/// first one of each is kept.
public struct Claims: Sendable {
  /// Who has a claim, as its file says.
  public struct Holder: Codable, Hashable, Sendable {
    public let shard: Shard
    public let host: String
    public let process: Int32
    /// The scheduler's name for the job, where there is one: the same after a requeue.
    public let job: String?

    public init(shard: Shard, host: String, process: Int32, job: String?) {
      self.shard = shard
      self.host = host
      self.process = process
      self.job = job
    }
  }

  /// What is known of a claim of somebody else.
  private struct Sight {
    let stamp: Double
    let since: ContinuousClock.Instant
  }

  public let folder: String
  public let holder: Holder
  public let timeToLive: Duration
  /// Claims of others as they were when they last changed. Clocks of machines differ, so that a claim
  /// is judged by how long it has not changed under this process's own eyes.
  private var sights: [CellKey: Sight] = [:]

  /// - Parameter results: the run's folder.
  public init(results: String, holder: Holder, timeToLive: Duration) {
    folder = "\(results)/run/claims"
    self.holder = holder
    self.timeToLive = timeToLive
  }

  private func path(_ unit: CellKey) -> String { "\(folder)/\(unit)" }
  private func file(_ unit: CellKey) -> String { "\(path(unit))/holder.json" }

  /// What is known of a claim of somebody else.
  public enum Life: Sendable, Equatable {
    /// Refreshed since this process first looked.
    case alive
    /// Seen, but too short a time to tell.
    case unknown
    /// Its holder can't come back, or has not refreshed it for the time to live.
    case lost
  }

  public enum Outcome: Sendable, Equatable {
    /// The unit is this process's now.
    case taken
    /// Somebody else has it.
    case held(Life)
  }

  /// Takes `unit`, if nobody has it or its holder is gone.
  ///
  /// - Throws: `file`.
  public mutating func take(_ unit: CellKey) throws(LaunchingError) -> Outcome {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .file(path: folder, reason: "can't be made (\(FileReason.of(error)))")
    }
    if try make(unit) { return .taken }
    let life = life(of: unit)
    guard life == .lost else { return .held(life) }
    // Out of the way under a name of its own, so that only one of several takers succeeds.
    let aside = "\(path(unit)).lost-\(UUID().uuidString)"
    guard unsafe rename(path(unit), aside) == 0 else { return .held(.unknown) }
    try? FileManager.default.removeItem(atPath: aside)
    sights[unit] = nil
    return try make(unit) ? .taken : .held(.unknown)
  }

  private func make(_ unit: CellKey) throws(LaunchingError) -> Bool {
    guard unsafe mkdir(path(unit), 0o777) == 0 else {
      if errno == EEXIST { return false }
      throw .file(path: path(unit), reason: unsafe String(cString: strerror(errno)))
    }
    do {
      try JSONEncoder().encode(holder).write(to: URL(filePath: file(unit)))
    } catch {
      throw .file(path: file(unit), reason: "can't be written (\(FileReason.of(error)))")
    }
    return true
  }

  /// Says that the holder still works on `unit`.
  public func refresh(_ unit: CellKey) {
    unsafe utimes(file(unit), nil)
  }

  /// Gives `unit` back, done or not, unless somebody else has it by now.
  public func release(_ unit: CellKey) {
    guard holder(of: unit) == holder else { return }
    try? FileManager.default.removeItem(atPath: path(unit))
  }

  /// Who has `unit`; nil if nobody has, or its holder has not yet said who it is.
  public func holder(of unit: CellKey) -> Holder? {
    try? JSONFile.read(file(unit), as: Holder.self)
  }

  /// What is known of somebody else's claim. Lost at once is that of an earlier life of this job, and
  /// that of a process of this machine that has ended.
  private mutating func life(of unit: CellKey) -> Life {
    if let other = holder(of: unit), other != holder {
      if let job = holder.job, other.job == job, other.shard == holder.shard { return .lost }
      if other.host == holder.host, kill(other.process, 0) != 0, errno == ESRCH { return .lost }
    }
    let now = ContinuousClock.now
    guard let stamp = stamp(of: unit) else { return .unknown }
    guard let sight = sights[unit], sight.stamp == stamp else {
      defer { sights[unit] = Sight(stamp: stamp, since: now) }
      return sights[unit] == nil ? .unknown : .alive
    }
    return now - sight.since >= timeToLive ? .lost : .unknown
  }

  /// When the claim was last refreshed, by the file system's clock; nil if there is none.
  private func stamp(of unit: CellKey) -> Double? {
    for path in [file(unit), path(unit)] {
      if let date = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
        as? Date
      {
        return date.timeIntervalSince1970
      }
    }
    return nil
  }
}
