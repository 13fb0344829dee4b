import ArgumentParser
import Foundation
import Reports

/// `mergeshift report`: tables, figures and a page from the CSV files of runs.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make tables, figures and a page from the results of runs.",
    discussion: """
      Reads results.csv of each run folder and, where they are there, comparisons.csv, \
      reliability.csv, steps.csv, coefficients.csv and gallery/; no other file. Writes \
      report.html, one file with everything inside, tables/ (Markdown, LaTeX, CSV) and figures/ \
      (SVG, and PNG where rsvg-convert is installed).

      Exit codes: 0 written, 2 a file is missing or not what it should be.
      """)

  @Argument(help: ArgumentHelp("Folders that `mergeshift bench` wrote.", valueName: "run"))
  var runs: [String]

  @Option(
    name: .shortAndLong, help: "The folder for the report; `report` in the first run's by default.")
  var output: String?

  @Option(
    help: """
      The method that gains, corruption errors and counts refer to, as ties or "ties (lambda=0.4)". \
      Default: task-arithmetic, where an experiment has it.
      """)
  var baseline: String?

  @Flag(help: "Also hold two runs against each other, cell by cell, the second minus the first.")
  var compare = false

  @OptionGroup var limits: LimitOptions

  func validate() throws {
    if runs.isEmpty { throw ValidationError("give the folder of a run") }
    if compare, runs.count != 2 {
      throw ValidationError("--compare takes two run folders, not \(runs.count)")
    }
  }

  func run() throws {
    try CommandFailure.reporting {
      let report = try Report(Run.read(runs), compares: compare, baseline: baseline)
      let converter = PNGConverter(
        searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
      let folder = output ?? "\(runs[0])/report"
      let summary = try ReportWriter(folder: folder, converter: converter).write(report)
      if converter == nil {
        StandardError.write("\(PNGConverter.installHint)\n")
      }
      print("\(summary.tables) tables, \(summary.figures) figures")
      print("report: \(summary.page)")
    }
  }
}
