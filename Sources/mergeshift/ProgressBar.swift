import Foundation
import TensorCore

/// Progress on standard error: a bar with the time left on a terminal; elsewhere a plain line for
/// each tenth of the work, so that logs stay readable.
final class ProgressBar: Sendable {
  private struct State {
    var fraction = 0.0
    var text = ""
    var lastDrawn: ContinuousClock.Instant?
    var lastTenth = 0
    var isShown = false
  }

  private let isTerminal: Bool
  private let isSilent: Bool
  private let start = ContinuousClock.now
  private let state = Locked(State())

  /// - Parameters:
  ///   - isTerminal: whether standard error is one, unless told.
  ///   - isSilent: whether nothing is shown: where another process shows the same.
  init(isTerminal: Bool = isatty(STDERR_FILENO) == 1, isSilent: Bool = false) {
    self.isTerminal = isTerminal
    self.isSilent = isSilent
  }

  /// Shows how far the work is.
  ///
  /// - Parameters:
  ///   - fraction: 0 to 1; never goes back on the screen.
  ///   - text: what is being done.
  func update(_ fraction: Double, _ text: String) {
    state.withLock { state in
      state.fraction = max(state.fraction, min(1, fraction))
      state.text = text
      if isTerminal {
        let now = ContinuousClock.now
        if let last = state.lastDrawn, now - last < .milliseconds(100) { return }
        state.lastDrawn = now
        draw(&state)
      } else {
        let tenth = Int(state.fraction * 10 + 1e-9)
        guard tenth > state.lastTenth else { return }
        state.lastTenth = tenth
        write("\(10 * tenth)%  \(times(state.fraction))  \(text)\n")
      }
    }
  }

  /// Prints a line that stays.
  func message(_ line: String) {
    state.withLock { state in
      clear(&state)
      write("\(line)\n")
      if isTerminal, state.lastDrawn != nil { draw(&state) }
    }
  }

  /// Takes the bar away.
  func finish() {
    state.withLock { clear(&$0) }
  }

  private func draw(_ state: inout State) {
    let width = Self.terminalWidth()
    let cells = 24
    let full = Int((state.fraction * Double(cells)).rounded(.down))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: cells - full)
    let percent = String(format: "%3d%%", Int(state.fraction * 100))
    let line = "\(bar) \(percent)  \(times(state.fraction))  \(state.text)"
    write("\r\u{1B}[2K" + line.prefix(max(20, width - 1)))
    state.isShown = true
  }

  private func clear(_ state: inout State) {
    guard state.isShown else { return }
    write("\r\u{1B}[2K")
    state.isShown = false
  }

  /// The time since the start and, once there is something to judge it by, the time left.
  private func times(_ fraction: Double) -> String {
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    guard fraction > 0.01, elapsed > 1, fraction < 1 else { return Self.text(elapsed) }
    return "\(Self.text(elapsed)), \(Self.text(elapsed / fraction * (1 - fraction))) left"
  }

  /// Seconds as `7 s`, `3:05` or `1:02:03`.
  static func text(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d:%02d", whole / 60, whole % 60) }
    return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
  }

  private func write(_ text: String) {
    guard !isSilent else { return }
    StandardError.write(text)
  }

  private static func terminalWidth() -> Int {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }
}
