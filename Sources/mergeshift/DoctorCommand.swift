import ArgumentParser
import Evaluation
import Foundation
import Merging
import Parity
import TensorCore

/// `mergeshift doctor`: what a plan lacks, or whether the numbers are PyTorch's.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is missing for a plan, or compare the numbers with PyTorch's.",
    discussion: """
      With a plan: opens every model, head and data set that it names, holds experts against the \
      base model, decodes a few images of each class, estimates memory, time and disk, and lists \
      all that is missing or doesn't fit with what would be right. Nothing is downloaded or written. \
      Exit codes: 0 all there, 2 something is missing.

      With --parity: takes a folder of small models with PyTorch's numbers, as Tests/parity/run.py \
      makes them, computes all of them here and prints the largest error of each quantity in each \
      case. Exit codes: 0 all within tolerance, 1 an error is over its tolerance, 2 the folder is \
      no such set.
      """)

  @Argument(help: "The plan, a YAML file; fixtures/plans holds some.", completion: .file())
  var plan: String?

  @Option(help: "A folder of models and PyTorch's numbers.", completion: .directory)
  var parity: String?

  @Option(name: .shortAndLong, help: "The folder that bench would write to. (default: here)")
  var output: String?

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    guard (plan == nil) != (parity == nil) else {
      throw ValidationError("give either a plan or --parity")
    }
    if parity != nil, output != nil { throw ValidationError("--output goes with a plan") }
  }

  func run() throws {
    machine.apply()
    try CommandFailure.reporting {
      if let plan { try diagnose(plan) }
      if let parity { try compare(parity) }
    }
  }

  private func diagnose(_ path: String) throws {
    let reading = PlanReading(contentsOf: path, methodNames: MethodCatalog.names)
    let bar = ProgressBar()
    let diagnosis = PlanDiagnosis(
      reading, library: try machine.recipeLibrary(), output: output ?? "."
    ) { bar.update($0, $1) }
    bar.finish()
    print(diagnosis.text, terminator: "")
    guard diagnosis.problems.isEmpty else {
      let count = diagnosis.problems.count
      throw CommandFailure.input(
        "\(path): \(count == 1 ? "1 thing is" : "\(count) things are") missing or don't fit")
    }
    print("\(path): all there, \(try reading.plan().cells.count) cells")
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

extension PlanDiagnosis {
  /// A line for each finding, what is wrong marked.
  fileprivate var text: String {
    let width = findings.map(\.subject.count).max() ?? 0
    return findings.map { finding in
      let mark =
        switch finding.verdict {
        case .present: "ok     "
        case .remark: "note   "
        case .problem: "PROBLEM"
        }
      let blanks = String(repeating: " ", count: width - finding.subject.count)
      return "\(mark)  \(finding.subject)\(blanks)  \(finding.text)\n"
    }.joined()
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
      + "Errors are relative to the largest golden value, of trajectories at least to 0.3; of masks "
      + "they are the entries that differ.\n"
      + remarks.map { "\($0)\n" }.joined()
  }

  private static func text(_ result: ParityResult, _ value: Double) -> String {
    result.quantity == .masks ? "\(Int(value))" : String(format: "%.1e", value)
  }
}
