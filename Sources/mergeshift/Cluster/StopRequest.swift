import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lets a worker end in order when it is told to: the first signal asks, and after a while, or with a
/// second signal, the process ends as it is. What is finished by then is kept either way.
final class StopRequest: Sendable {
  /// What a signal means to a worker.
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

  private let state = Mutex<Reason?>(nil)
  private let sources = Mutex<[any DispatchSourceSignal]>([])

  var reason: Reason? { state.withLock { $0 } }

  /// Listens from now on.
  ///
  /// - Parameters:
  ///   - grace: how long the work may take to end in order.
  ///   - end: does what is to be done before the process ends as it is.
  init(grace: Duration, end: @escaping @Sendable (Reason) -> Void) {
    for reason in [Reason.timeLimit, .cancelled, .interrupted] {
      signal(reason.signal, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: reason.signal, queue: .global())
      source.setEventHandler { [weak self] in
        guard let self else { return }
        let isFirst = state.withLock { state in
          defer { state = state ?? reason }
          return state == nil
        }
        let seconds = isFirst ? grace / .seconds(1) : 0
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
          end(reason)
          _exit(reason.exitCode)
        }
      }
      source.resume()
      sources.withLock { $0.append(source) }
    }
  }
}
