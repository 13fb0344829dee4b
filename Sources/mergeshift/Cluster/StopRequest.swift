import Foundation
import TensorCore

/// Lets a run end in order when it is told to: the first signal asks, and after a while if there is a
/// limit, or with a second signal, the process ends as it is. What is finished by then is kept either
/// way.
struct StopRequest {
  /// What a signal means to a run.
  enum Reason: Int32, Sendable {
    /// SIGUSR1: the time is nearly up. The work is to go on in another process.
    case timeLimit
    /// SIGTERM: the job is cancelled, or its machine is taken away.
    case cancelled
    /// SIGINT: ^C.
    case interrupted

    var signal: Int32 {
      switch self {
      case .timeLimit: SIGUSR1
      case .cancelled: SIGTERM
      case .interrupted: SIGINT
      }
    }

    /// `EX_TEMPFAIL`, "try again", or what a shell gives for the signal.
    var exitCode: Int32 { self == .timeLimit ? 75 : 128 + signal }

    var text: String {
      switch self {
      case .timeLimit: "time limit (SIGUSR1)"
      case .cancelled: "cancelled (SIGTERM)"
      case .interrupted: "interrupted"
      }
    }
  }

  /// What was asked, for any thread to look at.
  final class State: Sendable {
    private let first = Locked<Reason?>(nil)

    /// The first signal's; nil as long as there was none.
    var reason: Reason? { first.withLock { $0 } }

    /// - Returns: whether it is the first.
    fileprivate func ask(_ reason: Reason) -> Bool {
      first.withLock { first in
        defer { first = first ?? reason }
        return first == nil
      }
    }
  }

  let state = State()
  private let sources: [any DispatchSourceSignal]

  /// Listens from now on, as long as this value lives or until `cancel`.
  ///
  /// - Parameters:
  ///   - grace: how long the work may take to end in order; nil: as long as it wants.
  ///   - asked: told of the first signal.
  ///   - end: does what is to be done before the process ends as it is.
  init(
    grace: Duration?, asked: @escaping @Sendable (Reason) -> Void = { _ in },
    end: @escaping @Sendable (Reason) -> Void
  ) {
    let state = state
    sources = [Reason.timeLimit, .cancelled, .interrupted].map { reason in
      signal(reason.signal, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: reason.signal, queue: .global())
      source.setEventHandler {
        var seconds = 0.0
        if state.ask(reason) {
          asked(reason)
          guard let grace else { return }
          seconds = grace / .seconds(1)
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
          end(reason)
          _exit(reason.exitCode)
        }
      }
      source.resume()
      return source
    }
  }

  /// Leaves signals to the system again.
  func cancel() {
    for (source, reason) in zip(sources, [Reason.timeLimit, .cancelled, .interrupted]) {
      source.cancel()
      signal(reason.signal, SIG_DFL)
    }
  }
}
