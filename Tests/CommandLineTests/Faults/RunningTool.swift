import Foundation

/// The tool while it runs.
final class RunningTool {
  private let process = Process()
  private let errors: URL

  /// - Parameter tool: whose folder it runs in.
  init(_ arguments: [String], in tool: Tool, variables: [String: String] = [:]) throws {
    errors = tool.folder.appending(path: ".errors-\(UUID().uuidString)")
    process.executableURL = Tool.executable
    process.arguments = arguments
    process.currentDirectoryURL = tool.folder
    process.environment = Tool.environment.merging(variables) { $1 }
    _ = FileManager.default.createFile(atPath: errors.path(percentEncoded: false), contents: nil)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// What it told so far.
  var errorText: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until `condition` holds, or the tool has ended, or a minute is over.
  ///
  /// - Returns: whether the condition holds.
  func wait(until condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<6000 {
      if try condition() { return true }
      guard process.isRunning else { return try condition() }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return false
  }

  /// Waits for its end.
  ///
  /// - Returns: the exit code; of a signal that killed it, 128 and its number.
  func end() -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
  }
}
