/// When the tables of a run are written anew while it goes on: often enough to look at, and so seldom
/// that writing takes at most a twentieth of the run's time. The tables grow with the run, and so do
/// the pauses between them: all writing together stays proportional to the run.
package struct TableSchedule {
  /// Between the end of one writing and the next, in multiples of what that one took.
  static let pause = 19.0
  /// The least between two.
  package static let interval = Duration.milliseconds(500)

  private let interval: Duration
  private var next: ContinuousClock.Instant

  /// - Parameter begin: of the run.
  package init(from begin: ContinuousClock.Instant, interval: Duration = Self.interval) {
    self.interval = interval
    next = begin + interval
  }

  package func isDue(at now: ContinuousClock.Instant) -> Bool { now >= next }

  /// Takes note that the tables were written.
  package mutating func wrote(
    from begin: ContinuousClock.Instant, to end: ContinuousClock.Instant
  ) {
    next = end + max(interval, (end - begin) * Self.pause)
  }
}
