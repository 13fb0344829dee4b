internal import Results

extension Runner {
  /// What a run would do.
  public struct Estimate: Sendable {
    public let units: Int
    public let cells: Int
    /// Without a record.
    public let pending: Int
    /// On this machine and these threads, from a few images.
    public let seconds: Double
  }

  /// What a run of `units` would do.
  public func estimate(_ units: [RunUnit]) -> Estimate {
    let cells = units.flatMap(\.cells)
    let pending = Set(cells.map(\.key).filter { !store.contains($0) })
    var meter = WorkMeter()
    meter.plan(units, pending: pending, on: workbench)
    let seconds = pending.isEmpty ? 0 : meter.total * ModelSpeed(workbench.baseModel).forward
    return Estimate(
      units: units.count, cells: cells.count, pending: pending.count, seconds: seconds)
  }
}
