internal import Dispatch
internal import Foundation
internal import TensorCore

/// One run of a program from bytes to bytes, under a time limit.
///
/// The bytes go through files: neither side can block the other, and a program that ends early
/// breaks no pipe.
struct ProgramRun {
  /// As errors name it.
  let program: String
  let path: String
  let arguments: [String]
  /// In seconds.
  let timeLimit: Double

  /// What the program writes to its standard output.
  ///
  /// - Parameter limit: a program that writes more bytes than this is stopped.
  /// - Throws: `.program` if it can't be started, ends with a status other than 0, takes too long
  ///   or writes too much.
  func output(for input: [UInt8], limit: Int) throws(CorruptionError) -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mergeshift-exec-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      return try run(input, limit: limit, in: folder)
    } catch let error as CorruptionError {
      throw error
    } catch {
      throw .program(program, problem: "can't be started: \(FileReason.of(error))")
    }
  }

  private func run(_ input: [UInt8], limit: Int, in folder: URL) throws -> [UInt8] {
    let files = ["input", "output", "errors"].map { folder.appending(path: $0) }
    try Data(input).write(to: files[0])
    for file in files[1...] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let handles = [
      try FileHandle(forReadingFrom: files[0]), try FileHandle(forWritingTo: files[1]),
      try FileHandle(forWritingTo: files[2]),
    ]
    defer { for handle in handles { try? handle.close() } }
    process.standardInput = handles[0]
    process.standardOutput = handles[1]
    process.standardError = handles[2]
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    let deadline = ContinuousClock.now + .seconds(timeLimit)
    while ended.wait(timeout: .now() + .milliseconds(20)) == .timedOut {
      let late = ContinuousClock.now > deadline
      guard late || Self.size(of: files[1]) > limit else { continue }
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw CorruptionError.program(
        program,
        problem: late
          ? "did not end within \(timeLimit) s" : "gave more than \(limit) bytes; it was stopped")
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let errors = String(decoding: try Data(contentsOf: files[2]).prefix(500), as: UTF8.self)
      let line = errors.split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
      let how = process.terminationReason == .exit ? "status" : "signal"
      throw CorruptionError.program(
        program, problem: "ended with \(how) \(process.terminationStatus)\(line)")
    }
    return try Array(Data(contentsOf: files[1]))
  }

  private static func size(of file: URL) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: file.path(percentEncoded: false))
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}
