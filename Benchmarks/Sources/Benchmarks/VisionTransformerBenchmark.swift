import ArgumentParser
import Checkpoints
import Foundation
import TensorCore
import VisionModels

/// Images per second of the vision transformer; `vit_pytorch.py` prints the same of PyTorch.
struct VisionTransformerBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vit", abstract: "Images per second of the vision transformer.")

  @Option var threads = 2
  @Option var batch = 128
  @Option var repeats = 9
  @Option var backbone = Backbone.suite

  func run() throws {
    Parallel.threadCount = threads
    let encoder = VisionTransformer(configuration: backbone.configuration)
    var random = KeyedRandom(seed: 0, "benchmark", "vit")
    let parameters = encoder.initialParameters(random: &random)
    let shape: Shape = [batch, 3, encoder.imageSize, encoder.imageSize]
    let pixels = Tensor(shape: shape, values: random.normals(shape.count).map { Float($0) })
    report(
      "forward",
      Timing(repeats: repeats) {
        _ = encoder.features(of: pixels, parameters: parameters)
      })
    var gradients = StateDict(zeros: parameters.layout)
    report(
      "forward+backward",
      Timing(repeats: repeats) {
        let (features, tape) = encoder.recordFeatures(of: pixels, parameters: parameters)
        // The gradient of the sum of the squared features.
        let slope = Tensor(shape: features.shape, values: features.values.map { 2 * $0 })
        encoder.accumulateGradients(
          of: slope, through: tape, parameters: parameters, into: &gradients)
      })
  }

  private func report(_ name: String, _ timing: Timing) {
    let padding = String(repeating: " ", count: max(1, 19 - name.count))
    let rate = String(format: "%8.0f", Double(batch) / timing.median)
    print("\(name)\(padding)\(rate) images/s")
  }
}
