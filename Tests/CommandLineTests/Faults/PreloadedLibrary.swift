import Foundation
import Testing

/// A C file of `Tests/Faults` as a library that the tool is run with, in `LD_PRELOAD`, so that the
/// system fails it in ways that it seldom does by itself.
struct PreloadedLibrary {
  /// Whether the system has what it takes.
  static var isSupported: Bool {
    #if os(Linux) && canImport(Glibc)
      compiled.isEmpty == false
    #else
      false
    #endif
  }

  static let writeFaults = PreloadedLibrary(path: "\(compiled)/fault_injection.so")
  static let backwardsClock = PreloadedLibrary(path: "\(compiled)/clock_backwards.so")

  let path: String

  /// The folder of the libraries, built once; empty if they can't be.
  private static let compiled: String = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mergeshift-faults-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let sources = Tool.checkout.appending(path: "Tests/Faults")
    for name in ["fault_injection", "clock_backwards"] {
      let compiler = Process()
      compiler.executableURL = URL(filePath: "/usr/bin/env")
      compiler.arguments = [
        "cc", "-shared", "-fPIC", "-O1", "-o",
        folder.appending(path: "\(name).so").path(percentEncoded: false),
        sources.appending(path: "\(name).c").path(percentEncoded: false), "-ldl",
      ]
      guard (try? compiler.run()) != nil else { return "" }
      compiler.waitUntilExit()
      guard compiler.terminationStatus == 0 else { return "" }
    }
    return folder.path(percentEncoded: false)
  }()
}

/// A fault of the file system.
struct WriteFault: CustomTestStringConvertible {
  let code: Int32
  /// Whether all later calls fail too.
  let isSticky: Bool

  /// A disk that is full from then on.
  static let fullDisk = WriteFault(code: ENOSPC, isSticky: true)
  /// One call that fails.
  static let error = WriteFault(code: EIO, isSticky: false)

  var reason: String { unsafe String(cString: strerror(code)) }
  var testDescription: String { isSticky ? "\(reason), for good" : "\(reason), once" }
}

extension Tool {
  /// Runs the tool with the library that counts its calls that write below `folders`.
  ///
  /// - Parameters:
  ///   - fault: of call `call`, from 1; nil: none.
  /// - Returns: also the calls: what and on which file.
  func run(
    _ arguments: [String], folders: [String], fault: WriteFault? = nil, at call: Int = 0
  ) throws -> (outcome: Outcome, calls: [String]) {
    let log = path(".calls-\(UUID().uuidString)")
    var variables = [
      "LD_PRELOAD": PreloadedLibrary.writeFaults.path,
      "FAULT_FOLDER": folders.map { path($0) }.joined(separator: ":"), "FAULT_LOG": log,
    ]
    if let fault {
      variables["FAULT_AT"] = "\(call)"
      variables["FAULT_ERROR"] = "\(fault.code)"
      if fault.isSticky { variables["FAULT_STICKY"] = "1" }
    }
    let outcome = try run(arguments, variables: variables)
    let lines = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    try? FileManager.default.removeItem(atPath: log)
    return (outcome, lines.split(separator: "\n").map(String.init))
  }
}
