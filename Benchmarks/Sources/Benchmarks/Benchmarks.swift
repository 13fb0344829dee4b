import ArgumentParser
import TensorCore

/// Times of MergeShift's hot paths. The Python scripts of this folder time the references;
/// `compare_corruptions.py` and `compare_pipeline.py` run both in turn.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times of MergeShift's hot paths.",
    subcommands: [
      VisionTransformerBenchmark.self, AdaptationBenchmark.self, CorruptionBenchmark.self,
      AllocationBenchmark.self,
      PipelineBenchmark.self,
    ])

  static func main() {
    ProcessMemory.keepFreedMemory()
    main(nil)
  }
}
