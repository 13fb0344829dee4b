import Foundation
import TensorCore
import Training

/// Prints what a training tells on standard error: a line that is rewritten on a terminal, a line
/// now and then elsewhere.
final class TrainingPrinter: Sendable {
  private struct State {
    var lastPrint: ContinuousClock.Instant?
    var stage = ""
    var last: TrainingProgress?
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let state = Locked(State())

  func observe(_ event: TrainingEvent) {
    switch event {
    case .began(let stage, let step, let total):
      state.withLock { $0 = State() }
      if step > 0 { write("\(stage): goes on at step \(step) of \(total)\n") }
    case .progress(let progress):
      let interval = Duration.seconds(isTerminal ? 0.5 : 30)
      let isDue = state.withLock { state in
        state.last = progress
        let now = ContinuousClock.now
        if let last = state.lastPrint, now - last < interval { return false }
        state.lastPrint = now
        return true
      }
      if isDue { write(isTerminal ? "\r\u{1b}[K\(line(progress))" : "\(line(progress))\n") }
    case .finished(let stage, let seconds):
      let last = state.withLock { $0.last }
      let outcome = last.map { ", " + figures($0) } ?? ""
      write("\(isTerminal ? "\r\u{1b}[K" : "")\(stage): done in \(clock(seconds))\(outcome)\n")
    case .skipped(let stage):
      write("\(stage): done before\n")
    }
  }

  /// The accuracies on the validation splits, as a table.
  static func table(_ record: TrainingRecord) -> String {
    guard !record.validation.isEmpty else {
      return "Done; no accuracies without all experts and validation images."
    }
    let width = max(7, record.validation.map(\.task.count).max() ?? 0)
    func row(_ name: String, _ values: [Double]) -> String {
      name.padding(toLength: width, withPad: " ", startingAt: 0)
        + values.map { value in
          let text = String(Int((value * 1000).rounded()))
          let digits = text.count < 2 ? "0\(text)" : text
          return "\(digits.dropLast()).\(digits.suffix(1))".leftPadded(to: 17)
        }.joined()
    }
    let titles = ["base", "task arithmetic", "expert"].map { $0.leftPadded(to: 17) }
    let rows = record.validation.map { row($0.task, [$0.base, $0.taskArithmetic, $0.expert]) }
    let count = Double(record.validation.count)
    let means = [\TrainingRecord.Accuracy.base, \.taskArithmetic, \.expert].map { path in
      record.validation.reduce(0) { $0 + $1[keyPath: path] } / count
    }
    return
      (["Accuracy on the validation images, in percent"]
      + ["task".padding(toLength: width, withPad: " ", startingAt: 0) + titles.joined()]
      + rows + [row("average", means)]).joined(separator: "\n")
  }

  private func line(_ progress: TrainingProgress) -> String {
    "\(progress.stage): step \(progress.step) of \(progress.totalSteps), \(figures(progress)), "
      + "\(Int(progress.imagesPerSecond)) images/s, \(clock(progress.remainingSeconds)) left"
  }

  private func figures(_ progress: TrainingProgress) -> String {
    let loss = (progress.loss * 1000).rounded() / 1000
    return "loss \(loss), accuracy \((progress.accuracy * 1000).rounded() / 10)%"
  }

  private func clock(_ seconds: Double) -> String {
    let total = Int(seconds.rounded())
    let rest = total % 60
    return total < 60 ? "\(total) s" : "\(total / 60):\(rest < 10 ? "0" : "")\(rest) min"
  }

  func write(_ text: String) {
    StandardError.write(text)
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
