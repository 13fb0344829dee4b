package import Foundation
internal import Inputs
package import Streams
package import TensorCore

/// Hashes of the files of models, each of which is read for its hash once in a process unless it
/// changes: an expert's is asked for when a plan is opened, and again whenever the expert was loaded.
package final class FileHashes: Sendable {
  private struct State {
    var known: [String: (identity: FileIdentity, hash: ContentHash)] = [:]
    var readCount = 0
  }

  package static let shared = FileHashes()

  private let state = Locked(State())

  package init() {}

  /// How many files were read.
  package var readCount: Int { state.withLock { $0.readCount } }

  /// The hash of a file's bytes.
  ///
  /// - Parameter now: what the age of the file is told by.
  package func hash(of path: String, now: Date = .now) throws(StreamError) -> ContentHash {
    let identity = FileIdentity(path)
    if let identity, let known = state.withLock({ $0.known[path] }), known.identity == identity {
      return known.hash
    }
    let hash = try ContentHashing.file(path)
    // One that was just written, or while it was read, may change once more without a trace.
    let isSound = identity.map { $0.isSettled(at: now) && FileIdentity(path) == $0 } ?? false
    state.withLock { state in
      state.readCount += 1
      if isSound, let identity { state.known[path] = (identity, hash) }
    }
    return hash
  }
}
