import Foundation
import TensorCore

/// `Fuzzing TARGET [options and corpora of libFuzzer]`, or `Fuzzing list`.
///
/// An input that crashes, traps, leaks, takes more than the time or memory that libFuzzer was given,
/// or is refused with a message that does not name the file, is written to a file and ends the run.
@main
enum Fuzzing {
  static func main() {
    let names = FuzzTarget.all.map(\.name)
    guard CommandLine.arguments.count > 1 else {
      fail("usage: Fuzzing TARGET [libFuzzer's options]; targets: \(names.joined(separator: " "))")
    }
    let name = CommandLine.arguments[1]
    if name == "list" {
      print(names.joined(separator: "\n"))
      return
    }
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
      fail("no target '\(name)'; there are \(names.joined(separator: " "))")
    }
    // One thread: libFuzzer counts what a single input does.
    Parallel.threadCount = 1
    current = target
    exit(LibFuzzer.run(skipping: 1, test: test))
  }

  private static func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(64)
  }

  /// Set once, before libFuzzer starts.
  nonisolated(unsafe) private static var current: FuzzTarget?

  private static let test: LibFuzzer.Test = { bytes, count in
    let input = [UInt8](UnsafeBufferPointer(start: bytes, count: count))
    Fuzzing.current?.run(input)
    return 0
  }
}
