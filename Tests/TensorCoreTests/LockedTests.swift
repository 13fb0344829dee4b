import TensorCore
import Testing

@Suite("A value behind a lock")
struct LockedTests {
  @Test("Nothing is lost that many threads change at once")
  func counting() {
    let counts = Locked([Int](repeating: 0, count: 7))
    Parallel.forEach(10_000) { index in
      counts.withLock { counts in
        counts[index % 7] += 1
        counts.append(index)
        counts.removeLast()
      }
    }
    #expect(counts.withLock { $0 } == (0..<7).map { 10_000 / 7 + ($0 < 10_000 % 7 ? 1 : 0) })
  }
}
