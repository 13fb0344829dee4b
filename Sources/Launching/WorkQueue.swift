public import Results

/// The order in which a worker takes units: its own first, then, if it may, those of others that
/// nobody works on.
public struct WorkQueue: Sendable {
  /// A unit and its cells.
  public struct Unit: Sendable {
    public let key: CellKey
    public let cells: [CellKey]

    public init(key: CellKey, cells: [CellKey]) {
      self.key = key
      self.cells = cells
    }
  }

  /// What a worker does next.
  public enum Turn: Sendable, Equatable {
    /// Computes the unit, which is claimed.
    case compute(CellKey)
    /// Looks again after a while: units are left whose holders may be gone.
    case wait
    /// Nothing is left that is this worker's to do.
    case done
  }

  public let shard: Shard
  public let steals: Bool
  private let store: ResultStore
  public private(set) var claims: Claims
  /// Own units in the order of the plan, then those of others, the last of them first: their owners
  /// come from the other end.
  private var units: [Unit]
  /// Units whose holder was seen alive: not waited for.
  private var alive: Set<CellKey> = []
  /// Units that this worker computed; what it could not record is not tried twice.
  private var computed: Set<CellKey> = []

  public init(
    _ units: [Unit], shard: Shard, steals: Bool, store: ResultStore, claims: Claims
  ) {
    self.shard = shard
    self.steals = steals
    self.store = store
    self.claims = claims
    let own = units.filter { shard.owns($0.key) }
    let others = steals ? units.filter { !shard.owns($0.key) }.reversed() : []
    // Thieves start at different places, so that they don't meet at each unit.
    let start = others.isEmpty ? 0 : shard.index * others.count / shard.count
    self.units = own + others[start...] + others[..<start]
    let finished = store.keys
    self.units.removeAll { $0.cells.allSatisfy(finished.contains) }
  }

  /// The units that may be left for this worker.
  public var count: Int { units.count }

  /// Claims the next unit. The one before has to be released first.
  ///
  /// - Throws: `file`.
  public mutating func next() throws(LaunchingError) -> Turn {
    var isWorthWaiting = false
    var left: [Unit] = []
    for (place, unit) in units.enumerated() {
      if computed.contains(unit.key) || unit.cells.allSatisfy(store.contains) { continue }
      switch try claims.take(unit.key) {
      case .taken where unit.cells.allSatisfy(store.contains):
        // Finished between the two looks.
        claims.release(unit.key)
      case .taken:
        computed.insert(unit.key)
        units = left + units[(place + 1)...]
        return .compute(unit.key)
      case .held(let life):
        if life == .alive { alive.insert(unit.key) }
        isWorthWaiting = isWorthWaiting || !alive.contains(unit.key)
        left.append(unit)
      }
    }
    units = left
    return isWorthWaiting ? .wait : .done
  }
}
