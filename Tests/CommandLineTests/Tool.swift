import Foundation

/// The built `mergeshift`, run as a user runs it, each time in a fresh folder.
struct Tool {
  /// The working folder of the runs; removed by `withFolder`.
  let folder: URL

  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  static func withFolder<Value>(_ body: (Tool) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mergeshift-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(Tool(folder: folder))
  }

  /// Runs `mergeshift` with `arguments` to its end.
  func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// - Parameter variables: set in the environment, beside those of the tests.
  func run(_ arguments: [String], variables: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = Self.environment.merging(variables) { $1 }
    // Files, not pipes: no output is large enough to block the tool.
    let streams = try ["output", "errors"].map { name in
      let url = folder.appending(path: ".\(name)-\(UUID().uuidString)")
      _ = FileManager.default.createFile(atPath: url.path(percentEncoded: false), contents: nil)
      return (url, try FileHandle(forWritingTo: url))
    }
    process.standardOutput = streams[0].1
    process.standardError = streams[1].1
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let texts = try streams.map { url, handle in
      try handle.close()
      let text = try String(contentsOf: url, encoding: .utf8)
      try FileManager.default.removeItem(at: url)
      return text
    }
    return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// The absolute path of `name` in the working folder.
  func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["MERGESHIFT_HOME"] = checkout.path(percentEncoded: false)
    return environment
  }

  /// Beside the test runner, where the package manager puts products.
  static var executable: URL {
    URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "mergeshift")
  }
}
