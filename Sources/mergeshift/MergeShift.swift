import ArgumentParser
import TensorCore

@main
struct MergeShift: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mergeshift",
    abstract: "Measures model merging under corruption: AdaMerging and its rivals.",
    subcommands: [
      BenchCommand.self,
      ReportCommand.self,
      WorkerCommand.self,
      StatusCommand.self,
      CollectCommand.self,
      EvalCommand.self,
      AdaptCommand.self,
      TrainCommand.self,
      SuiteCommand.self,
      MergeCommand.self,
      HeadCommand.self,
      CorruptCommand.self,
      CorruptionsCommand.self,
      DoctorCommand.self,
      ListCommand.self,
    ])

  static func main() async {
    ProcessMemory.keepFreedMemory()
    await main(nil)
  }
}
