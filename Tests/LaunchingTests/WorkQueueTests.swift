import Foundation
import Launching
import Results
import TestSupport
import Testing

@Suite("Work queue")
struct WorkQueueTests {
  private let folder: TemporaryFolder
  private let store: ResultStore
  /// Three units of each of two shards, a cell each.
  private let cells: [(cell: RunManifest.Cell, record: CellRecord)]

  init() throws {
    folder = try TemporaryFolder()
    store = ResultStore(folder: folder.path)
    cells = (0..<6).map { exampleCell("\($0)", unit: exampleKey($0 % 2, of: 2, "\($0)")) }
  }

  private func queue(
    _ shard: Int, steals: Bool = false, timeToLive: Duration = .milliseconds(100)
  ) -> WorkQueue {
    WorkQueue(
      cells.map { WorkQueue.Unit(key: $0.cell.unit, cells: [$0.cell.key]) },
      shard: Shard(shard, of: 2), steals: steals, store: store,
      claims: Claims(
        results: folder.path, holder: exampleHolder(shard, host: "host\(shard)"),
        timeToLive: timeToLive))
  }

  private func record(_ unit: CellKey) throws {
    for example in cells where example.cell.unit == unit { try store.write(example.record) }
  }

  /// The units that a worker computes until nothing is left for it.
  private func work(_ queue: WorkQueue) throws -> [CellKey] {
    var queue = queue
    var units: [CellKey] = []
    while true {
      switch try queue.next() {
      case .done: return units
      case .wait: Thread.sleep(forTimeInterval: 0.02)
      case .compute(let unit):
        units.append(unit)
        try record(unit)
        queue.claims.release(unit)
      }
    }
  }

  private func units(_ places: Int...) -> [CellKey] { places.map { cells[$0].cell.unit } }

  @Test("Workers take their own units in the order of the plan, and leave the others")
  func own() throws {
    #expect(try work(queue(0)) == units(0, 2, 4))
    #expect(try work(queue(1)) == units(1, 3, 5))
    #expect(Set(cells.map(\.record.key)) == store.keys)
  }

  @Test("Finished units are skipped")
  func finished() throws {
    try record(cells[2].cell.unit)
    #expect(try work(queue(0)) == units(0, 4))
  }

  @Test("A thief goes on with the others' units after its own")
  func stealing() throws {
    let order = try work(queue(1, steals: true))
    #expect(Array(order.prefix(3)) == units(1, 3, 5))
    #expect(Set(order) == Set(cells.map(\.cell.unit)))
    #expect(try work(queue(0)).isEmpty)
  }

  @Test("A unit of a worker that is alive is left to it; one of a worker that died is taken")
  func deadAndAlive() throws {
    var alive = Claims(
      results: folder.path, holder: exampleHolder(0), timeToLive: .seconds(60))
    #expect(try alive.take(cells[0].cell.unit) == .taken)
    #expect(try alive.take(cells[2].cell.unit) == .taken)
    var thief = queue(1, steals: true, timeToLive: .milliseconds(300))
    var taken: [CellKey] = []
    let start = ContinuousClock.now
    loop: while ContinuousClock.now - start < .seconds(20) {
      switch try thief.next() {
      case .done: break loop
      case .wait:
        // Only the first unit's holder says that it is alive.
        alive.refresh(cells[0].cell.unit)
        Thread.sleep(forTimeInterval: 0.05)
      case .compute(let unit):
        taken.append(unit)
        try record(unit)
        thief.claims.release(unit)
      }
    }
    #expect(taken.contains(cells[2].cell.unit))
    #expect(!taken.contains(cells[0].cell.unit))
    #expect(store.keys.count == 5)
  }

  @Test("A unit that could not be recorded is not tried for ever")
  func notTwice() throws {
    var queue = queue(0)
    var units: [CellKey] = []
    while case .compute(let unit) = try queue.next() {
      units.append(unit)
      queue.claims.release(unit)
    }
    #expect(units.count == 3)
    #expect(try queue.next() == .done)
  }
}
