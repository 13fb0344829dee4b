import Foundation

/// What is told while a command works, on standard error.
enum StandardError {
  /// Writes `text`. That nobody can read it, because the terminal is gone or the disk that the log is
  /// on is full, is no reason to lose the work.
  static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
