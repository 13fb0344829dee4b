public import Communication
internal import Foundation
internal import TensorCore

/// Ranks that are threads of one process, for tests of what ranks do together without MPI.
public final class ThreadCommunicator: Communicator {
  /// What the threads share: the sums that are being made, and who waits for them.
  private final class Meeting: Sendable {
    struct State {
      var values: [Double] = []
      var bytes: [UInt8] = []
      var arrived = 0
      var round = 0
      /// Of the last full round.
      var outcome: ([Double], [UInt8]) = ([], [])
    }
    let state = Locked(State())
    let size: Int

    init(size: Int) { self.size = size }

    /// Adds up `values` and takes the bytes of the rank that has some; returns when all came.
    func exchange(_ values: [Double], _ bytes: [UInt8]) -> ([Double], [UInt8]) {
      let round = state.withLock { state -> Int in
        if state.arrived == 0 {
          (state.values, state.bytes) = (values, bytes)
        } else {
          precondition(state.values.count == values.count, "all ranks make the same calls")
          for index in values.indices { state.values[index] += values[index] }
          if !bytes.isEmpty { state.bytes = bytes }
        }
        state.arrived += 1
        let round = state.round
        if state.arrived == size {
          state.outcome = (state.values, state.bytes)
          state.arrived = 0
          state.round += 1
        }
        return round
      }
      // No rank starts the next round's end before all have read this one's: each takes part in it.
      while state.withLock({ $0.round }) == round { Thread.sleep(forTimeInterval: 20e-6) }
      return state.withLock { $0.outcome }
    }
  }

  public let rank: Int
  public let size: Int
  public let processors = 1
  private let meeting: Meeting
  private let exchanged = Locked<[Int]>([])

  private init(rank: Int, meeting: Meeting) {
    self.rank = rank
    self.meeting = meeting
    size = meeting.size
  }

  /// How many values each exchange of this rank had.
  public var sums: [Int] { exchanged.withLock { $0 } }

  public func sum(_ values: inout [Double]) {
    let count = values.count
    exchanged.withLock { $0.append(count) }
    values = meeting.exchange(values, []).0
  }

  public func broadcast(_ bytes: inout [UInt8]) {
    bytes = meeting.exchange([], rank == 0 ? bytes : []).1
  }

  public func finish() {}
  public func abort(_ code: Int32) -> Never { fatalError("rank \(rank) ended the job: \(code)") }

  /// Runs `work` on `count` ranks at once.
  ///
  /// - Returns: what the ranks return, or throw, in their order.
  public static func run<Value: Sendable>(
    _ count: Int, _ work: @escaping @Sendable (ThreadCommunicator) throws -> Value
  ) -> [Result<Value, any Error>] {
    let meeting = Meeting(size: count)
    let outcomes = Locked([Result<Value, any Error>?](repeating: nil, count: count))
    let group = DispatchGroup()
    for rank in 0..<count {
      group.enter()
      // Threads of their own: ranks wait for each other.
      let thread = Thread {
        let outcome = Result { try work(ThreadCommunicator(rank: rank, meeting: meeting)) }
        outcomes.withLock { $0[rank] = outcome }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    return outcomes.withLock { $0.map { $0! } }
  }
}
