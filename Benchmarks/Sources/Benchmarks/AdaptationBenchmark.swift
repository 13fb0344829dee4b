import ArgumentParser
import Checkpoints
import Foundation
import Merging
import TensorCore
import VisionModels

/// Seconds of one step of AdaMerging and the process's peak memory; `step_pytorch.py` does the same
/// steps in PyTorch, in turns with this.
struct AdaptationBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Seconds of one step of layer-wise AdaMerging.",
    discussion: """
      Random experts, heads of ten classes and images. With --serve it answers each line of standard \
      input with the seconds of one step, so that a comparison can take turns.
      """)

  @Option var backbone = Backbone.b32
  @Option var tasks = 8
  @Option(help: "Images of each task in a step.") var batch = 16
  @Option var threads = 2
  @Option var repeats = 3
  @Option(help: "The most images of one pass; 0 for the method's own choice.") var pass = 0
  @Flag(help: "Keep task vectors as bfloat16.") var bfloat16 = false
  @Flag var serve = false

  func run() throws {
    Parallel.threadCount = threads
    let encoder = VisionTransformer(configuration: backbone.configuration)
    var random = KeyedRandom(seed: 0, "benchmark", "step")
    let base = encoder.initialParameters(random: &random)
    var bank = try TaskVectorBank(base: base, precision: bfloat16 ? .bfloat16 : .float32)
    for task in 0..<tasks {
      var expert = base
      let shift = random.normals(1024).map { Float(0.001 * $0) }
      for index in expert.values.indices {
        expert.values[index] += shift[(index * 7 + task) & 1023]
      }
      try bank.append("task\(task)", expert)
    }
    var settings = AdaMergingSettings(.paper)
    if pass > 0 { settings.imagesPerPass = pass }
    let method = AdaMerging(.layerwise, settings: settings)
    var run = try AdaMergingRun(method, bank: bank, encoder: encoder)
    let shape: Shape = [batch, 3, encoder.imageSize, encoder.imageSize]
    let batches = (0..<tasks).map { task in
      let weights = random.normals(10 * encoder.embeddingWidth).map { Float($0) }
      let head = ClassificationHead(
        classNames: (0..<10).map { "\($0)" },
        weights: Tensor(shape: [10, encoder.embeddingWidth], values: weights), logitScale: 10)
      let pixels = Tensor(shape: shape, values: random.normals(shape.count).map { Float($0) })
      return (task: "task\(task)", head: head, images: pixels)
    }
    func seconds() throws -> Double {
      try ContinuousClock().measure { _ = try run.step(batches) } / .seconds(1)
    }
    if serve {
      while readLine() != nil {
        let answer = String(format: "%.4f\n", try seconds())
        try FileHandle.standardOutput.write(contentsOf: Data(answer.utf8))
      }
      return
    }
    let times = try (0...repeats).map { _ in try seconds() }.dropFirst().sorted()
    print(
      String(
        format: "%.2f s a step (median of %d), peak memory %.2f GiB", times[times.count / 2],
        repeats, Self.peakMemory))
  }

  /// In GiB.
  private static var peakMemory: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kilobytes = line?.split(separator: " ").compactMap { Double($0) }.first ?? .nan
    return kilobytes / 1_048_576
  }
}
