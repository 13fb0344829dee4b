public import Foundation
internal import Results

/// What a worker says of itself, in the run's folder: `run/workers/I-of-N.json`. Written at its start
/// and end; its date, refreshed in between, tells whether it is alive. The next worker of the same
/// shard replaces it.
public struct WorkerLog: Codable, Hashable, Sendable {
  public enum State: Codable, Hashable, Sendable {
    case running
    /// Nothing was left for it to do.
    case finished
    /// Asked to stop, as by a time limit.
    case stopped(reason: String)
    /// Could not go on.
    case failed(reason: String)
  }

  public let holder: Claims.Holder
  /// Seconds since 1970, by the worker's clock.
  public let start: Double
  public var state: State
  /// Cells that it computed.
  public var computed = 0
  /// Of those, cells of units of other shards.
  public var stolen = 0

  public init(_ holder: Claims.Holder, start: Date = .now) {
    self.holder = holder
    self.start = start.timeIntervalSince1970
    state = .running
  }

  private static func folder(_ results: String) -> String { "\(results)/run/workers" }

  private func path(_ results: String) -> String {
    "\(Self.folder(results))/\(holder.shard.index)-of-\(holder.shard.count).json"
  }

  /// Keeps the log in the run's folder.
  ///
  /// - Throws: `file`.
  public func write(to results: String) throws(LaunchingError) {
    let path = path(results)
    do {
      let data = try JSONEncoder().encode(self)
      try AtomicFile.replace(path, with: data)
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }

  /// Says that the worker is alive.
  public func refresh(in results: String) {
    try? FileManager.default.setAttributes(
      [.modificationDate: Date.now], ofItemAtPath: path(results))
  }

  /// The last workers of all shards of a run, with the time of their last word.
  public static func all(of results: String) -> [(log: WorkerLog, lastWord: Date)] {
    let folder = folder(results)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.compactMap { name in
      let path = "\(folder)/\(name)"
      guard let log = try? JSONFile.read(path, as: WorkerLog.self),
        let date = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
          as? Date
      else { return nil }
      return (log, date)
    }
  }

  /// On one line: where it runs or ran, and how it ended.
  ///
  /// - Parameter isAlive: whether its last word is recent.
  public func text(isAlive: Bool) -> String {
    let place = "on \(holder.host)" + (holder.job.map { ", job \($0)" } ?? "")
    return switch state {
    case .running: isAlive ? "running \(place)" : "lost: no word from the worker \(place)"
    case .finished: "finished \(place)"
    case .stopped(let reason): "stopped \(place): \(reason)"
    case .failed(let reason): "failed \(place): \(reason)"
    }
  }
}
