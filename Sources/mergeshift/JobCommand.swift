import ArgumentParser
import Communication
import Foundation
import TensorCore

extension CommandFailure {
  /// Runs a command's work on every rank of the job that a launcher started, or alone. An error of one
  /// rank is printed and ends all of them with the exit code of its kind.
  static func reporting(inJob work: (any Communicator) throws -> Void) throws {
    let communicator = try reporting { try Job.join(ProcessInfo.processInfo.environment) }
    guard communicator.size > 1 else {
      return try reporting { try work(communicator) }
    }
    do {
      try work(communicator)
    } catch {
      // Most errors are every rank's: rank 0 is the first to say so, and ends the others.
      if !communicator.leads { Thread.sleep(forTimeInterval: 2) }
      report(error, rank: communicator.rank)
      communicator.abort(code(of: error).rawValue)
    }
    communicator.finish()
  }
}

extension MachineOptions {
  /// Sets the number of threads: where it is not given, the rank's share of its machine's processors.
  func apply(_ communicator: any Communicator) {
    apply()
    if threads == nil, communicator.size > 1 { Parallel.threadCount = communicator.processors }
  }
}
