internal import Foundation
internal import TensorCore

/// Another program, run to its end.
package struct Program {
  /// What it printed, and the code that it ended with.
  package struct Outcome {
    package let status: Int32
    package let output: String
    package let errors: String
  }

  let name: String
  /// What to do where it isn't installed.
  let remedy: String

  package init(name: String, remedy: String) {
    self.name = name
    self.remedy = remedy
  }

  /// - Parameters:
  ///   - seconds: after which it is ended; a scheduler that does not answer hangs its clients.
  ///   - search: where programs lie, as PATH has it.
  /// - Throws: `noProgram`, `programFailed` if it can't be started or takes too long.
  package func run(
    _ arguments: [String], seconds: Double = 60,
    search: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
  ) throws(LaunchingError) -> Outcome {
    let candidates = search.split(separator: ":").map { "\($0)/\(name)" }
    guard let path = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw .noProgram(name, remedy: remedy)
    }
    let command = ShellText.command([name] + arguments)
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw .programFailed(command: command, status: -1, message: FileReason.of(error))
    }
    let isLate = Locked(false)
    let identifier = process.processIdentifier
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + seconds)
    timer.setEventHandler {
      isLate.withLock { $0 = true }
      kill(identifier, SIGKILL)
    }
    timer.resume()
    // Errors are few: reading them after the output blocks no program.
    let texts = [output, errors].map {
      String(decoding: (try? $0.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    }
    process.waitUntilExit()
    timer.cancel()
    if isLate.withLock({ $0 }) {
      throw .programFailed(
        command: command, status: -1, message: "no answer within \(Int(seconds)) s")
    }
    return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }
}
