/// The times of one piece of work, repeated.
struct Timing {
  /// In seconds, in ascending order.
  private let seconds: [Double]

  /// Runs `work` once to warm up and then `repeats` times.
  init(repeats: Int, _ work: () throws -> Void) rethrows {
    try work()
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for _ in 0..<max(1, repeats) {
      let time = try clock.measure { try work() }
      seconds.append(time / .seconds(1))
    }
    self.seconds = seconds.sorted()
  }

  var median: Double {
    let middle = seconds.count / 2
    return seconds.count % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
  }

  var minimum: Double { seconds[0] }
}
