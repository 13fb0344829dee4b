internal import Foundation

/// The processes that work on one thing together, the ranks, as one of them sees it.
///
/// Sums and broadcasts are collective: every rank makes the same ones in the same order, with as many
/// values, from the thread that joined the job. A rank that fails ends the job, so that they don't
/// throw.
public protocol Communicator: Sendable {
  /// Which rank this is, from 0. Rank 0 leads: it prints and writes.
  var rank: Int { get }
  /// How many there are.
  var size: Int { get }
  /// How many processors this rank can keep busy: its share of those that the ranks on its machine
  /// may run on; at least 1.
  var processors: Int { get }

  /// Replaces `values` by their sums over all ranks, the same bits on each.
  func sum(_ values: inout [Double])
  /// Replaces `bytes` by those of rank 0, however many it has.
  func broadcast(_ bytes: inout [UInt8])
  /// Leaves the job; the last call.
  func finish()
  /// Ends all ranks at once, with this exit code.
  func abort(_ code: Int32) -> Never
}

extension Communicator {
  /// Whether this is rank 0.
  public var leads: Bool { rank == 0 }

  /// Replaces the lists by their sums over all ranks, in one exchange; none if all are empty.
  public func sum(_ lists: inout [[Double]]) {
    guard size > 1 else { return }
    var values = lists.flatMap(\.self)
    guard !values.isEmpty else { return }
    sum(&values)
    var start = 0
    for index in lists.indices {
      let end = start + lists[index].count
      lists[index] = Array(values[start..<end])
      start = end
    }
  }

  /// Rank 0's value, on every rank; the others' own is not looked at.
  ///
  /// - Throws: what encoding or decoding throws.
  public func shared<Value: Codable>(_ value: Value) throws -> Value {
    guard size > 1 else { return value }
    var bytes = leads ? [UInt8](try JSONEncoder().encode([value])) : []
    broadcast(&bytes)
    return leads ? value : try JSONDecoder().decode([Value].self, from: Data(bytes))[0]
  }
}
