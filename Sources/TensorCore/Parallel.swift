internal import Dispatch
internal import Foundation
internal import Synchronization

/// Data parallelism over disjoint chunks. Chunk sizes never depend on the number of threads, so
/// that no result does.
public enum Parallel {
  private static let limit = Atomic<Int>(0)

  /// The number of threads that share the work; all cores unless set (`--threads`). Part of the
  /// provenance of results.
  public static var threadCount: Int {
    get {
      let set = limit.load(ordering: .relaxed)
      return set > 0 ? set : ProcessInfo.processInfo.activeProcessorCount
    }
    set {
      precondition(newValue > 0, "at least one thread")
      limit.store(newValue, ordering: .relaxed)
    }
  }

  /// Calls `body` for `0..<count`, in no particular order, on up to `threadCount` threads.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let threads = min(threadCount, count)
    guard threads > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// Calls `body` for the ranges of at most `chunk` indices that make up `0..<count`.
  public static func forEachChunk(
    of count: Int, chunk: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    precondition(chunk > 0, "a chunk holds something")
    forEach((count + chunk - 1) / chunk) { index in
      body(index * chunk..<min(count, (index + 1) * chunk))
    }
  }

  /// The results of `transform` for `0..<count`, in order; the error of the lowest index if any
  /// throws.
  public static func map<Result: Sendable, Failure: Error>(
    _ count: Int, _ transform: @Sendable (Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    let outcomes = Locked<[Swift.Result<Result, Failure>?]>(Array(repeating: nil, count: count))
    forEach(count) { index in
      let outcome = Swift.Result { () throws(Failure) in try transform(index) }
      outcomes.withLock { $0[index] = outcome }
    }
    var results: [Result] = []
    results.reserveCapacity(count)
    for outcome in outcomes.withLock({ $0 }) {
      results.append(try outcome!.get())
    }
    return results
  }

  /// Calls `body` with disjoint, mutable runs of whole rows of `values`.
  ///
  /// - Parameters:
  ///   - rowLength: the number of elements of a row; divides `values.count`.
  ///   - chunk: how many rows a call gets at most.
  ///   - body: gets the index range of its rows and their elements.
  public static func forEachRows<Element: BitwiseCopyable & Sendable>(
    of values: inout [Element], rowLength: Int, chunk: Int,
    _ body: @Sendable (Range<Int>, inout MutableSpan<Element>) -> Void
  ) {
    precondition(rowLength > 0 && values.count % rowLength == 0, "whole rows")
    let rows = values.count / rowLength
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      // Each call touches its own rows only.
      nonisolated(unsafe) let shared = unsafe buffer
      forEachChunk(of: rows, chunk: chunk) { range in
        var span = unsafe MutableSpan(
          _unsafeElements: UnsafeMutableBufferPointer(
            rebasing: shared[range.lowerBound * rowLength..<range.upperBound * rowLength]))
        body(range, &span)
      }
    }
  }
}
