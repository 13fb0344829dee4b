import ArgumentParser
import Foundation
import Suites
import TensorCore
import Training

/// `mergeshift suite`: the embedded suite.
struct SuiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suite",
    abstract: "Builds or checks the embedded suite.",
    subcommands: [BuildSuiteCommand.self, CheckSuiteCommand.self])
}

struct BuildSuiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Renders the suite's images and trains its models, from a seed.",
    discussion: """
      An interrupted build goes on when the command is given again. Images and models are the same \
      whatever vectors the processor has.
      """)

  @Option(help: ArgumentHelp("The folder of the suite.", valueName: "dir"))
  var output: String

  @Option(help: "What everything is made from.")
  var seed: UInt64 = 1

  @Flag(help: "A suite made in seconds whose models know nothing, for tests.")
  var quick = false

  @Option(help: "How many threads share the work; all cores unless given.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads: at least 1") }
  }

  func run() throws {
    try CommandFailure.reporting {
      if let threads { Parallel.threadCount = threads }
      let recipe: SuiteRecipe = quick ? .quick(seed: seed) : .embedded(seed: seed)
      let printer = TrainingPrinter()
      let record = try SuiteBuilder(recipe: recipe, output: output).build { event in
        switch event {
        case .wroteTestImages(let task): printer.write("\(task): test images written\n")
        case .rendered(let task, let count): printer.write("\(task): \(count) images rendered\n")
        case .training(let event): printer.observe(event)
        }
      }
      print(TrainingPrinter.table(record))
    }
  }
}

struct CheckSuiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compares the suite's files with the checksums of its build.")

  @Argument(help: "The folder of the suite; the embedded one unless given.")
  var folder: String?

  func run() throws {
    try CommandFailure.reporting {
      let folder = try folder ?? ProjectLocation.fixtures()
      let count = try SuiteChecksums.check(folder: folder)
      print("\(count) files are as they were built")
    }
  }
}
