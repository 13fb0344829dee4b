import ArgumentParser
import Evaluation
import Foundation
import Parity
import TensorCore

/// `mergeshift doctor`: whether the numbers are PyTorch's.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Compare what is computed here with what PyTorch computed.",
    discussion: """
      --parity takes a folder of small models with PyTorch's numbers, as Tests/parity/run.py makes \
      them, computes all of them here and prints the largest error of each quantity in each case.

      Exit codes: 0 all within tolerance, 1 an error is over its tolerance, 2 the folder is no such \
      set.
      """)

  @Option(help: "A folder of models and PyTorch's numbers.", completion: .directory)
  var parity: String

  @OptionGroup var machine: MachineOptions

  func run() throws {
    machine.apply()
    try CommandFailure.reporting { try compare(parity) }
  }

  private func compare(_ folder: String) throws {
    let set = try ParitySet(folder)
    let bar = ProgressBar()
    let report = try ParityCheck.run(set) { bar.update($0, $1) }
    bar.finish()
    print(report.text, terminator: "")
    guard report.failures.isEmpty else {
      throw CommandFailure.checkFailed(
        "\(folder): \(report.failures.count) of \(report.results.count) errors are over their "
          + "tolerance: "
          + report.failures.map { "\($0.quantity.rawValue) of \($0.name)" }
          .joined(separator: ", "))
    }
  }
}

extension ParityReport {
  /// A line for each result, and the remarks.
  fileprivate var text: String {
    var table = TextTable(header: ["quantity", "case", "largest_error", "tolerance", "ok"])
    for result in results {
      table.rows.append([
        result.quantity.rawValue, result.name, Self.text(result, result.error),
        Self.text(result, result.quantity.tolerance), result.isWithinTolerance ? "yes" : "NO",
      ])
    }
    return table.text
      + "Errors are relative to the largest golden value; of masks, entries that differ.\n"
      + remarks.map { "\($0)\n" }.joined()
  }

  private static func text(_ result: ParityResult, _ value: Double) -> String {
    result.quantity == .masks ? "\(Int(value))" : String(format: "%.1e", value)
  }
}
