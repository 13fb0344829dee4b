import ArgumentParser
import Foundation
import Launching
import Results

/// `mergeshift collect`: the tables of a run from the records in its folder.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Build the tables of a run from the records of its workers.",
    discussion: """
      Needs the results folder alone, neither models nor images, and may run at any time, also while \
      workers do. What has no result is told by shard, with the reason.

      Exit codes: 0 all cells done, 1 some failed or are missing, 2 the folder can't be used.
      """)

  @OptionGroup var arguments: RunFolderArguments

  func run() throws {
    try CommandFailure.reporting {
      let status = try arguments.status().status
      let store = ResultStore(
        folder: arguments.folder, keepsPredictions: status.manifest.keepsPredictions)
      try RunTables.write(status.rows, to: store)
      Self.tell(status, of: store)
      try Self.check(status)
    }
  }

  /// Says what there is and what is not.
  static func tell(_ status: RunStatus, of store: ResultStore) {
    let total = status.total
    let gaps = status.gapsText()
    if !gaps.isEmpty { StandardError.write("\(gaps)\n") }
    print("\(total.done) of \(total.total) cells done")
    print("results: \(store.folder)/results.csv")
  }

  /// Throws if cells have no result.
  static func check(_ status: RunStatus) throws {
    let total = status.total
    guard total.done == total.total else {
      throw CommandFailure.checkFailed(
        "\(total.failed) cells failed, \(status.missing.count) are missing")
    }
  }
}
