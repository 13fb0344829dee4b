import Checkpoints
import Kernels
import TensorCore
import Testing
import VisionModels

@Suite("Vision transformer")
struct VisionTransformerTests {
  @Test("Features, logits and entropies equal PyTorch's", arguments: Activation.allCases)
  func forward(activation: Activation) throws {
    let golden = try Golden(activation)
    let features = golden.model.features(of: golden["pixels"], parameters: golden.parameters)
    let logits = golden.head.logits(of: features)
    #expect(features.shape == golden["features"].shape)
    #expect(relativeError(features.values, golden["features"].values) < 1e-5)
    #expect(relativeError(logits.values, golden["logits"].values) < 1e-5)
    let entropies = SoftmaxEntropy.entropies(of: logits)
    #expect(relativeError(entropies, golden["entropies"].values) < 1e-4)
  }

  @Test("The gradient of every parameter equals PyTorch's", arguments: Activation.allCases)
  func backward(activation: Activation) throws {
    let golden = try Golden(activation)
    let (features, tape) = golden.model.recordFeatures(
      of: golden["pixels"], parameters: golden.parameters)
    #expect(
      features == golden.model.features(of: golden["pixels"], parameters: golden.parameters))
    let logits = golden.head.logits(of: features)
    let count = features.rowCount
    let entropy = SoftmaxEntropy.gradient(
      of: logits, weights: Array(repeating: 1 / Float(count), count: count))
    let featureGradient = golden.head.featureGradient(of: entropy.gradient, features: features)
    #expect(
      relativeError(featureGradient.values, golden["feature_gradient"].values) < 1e-4)
    var gradients = StateDict(zeros: golden.model.layout)
    golden.model.accumulateGradients(
      of: featureGradient, through: tape, parameters: golden.parameters, into: &gradients)
    for entry in golden.model.layout.entries {
      let expected = golden["gradient/\(entry.name)"]
      let error = relativeError(gradients[entry.name].values, expected.values)
      if entry.name.hasSuffix("k_proj.bias") {
        // Zero in exact arithmetic; in PyTorch rounding noise.
        #expect(gradients[entry.name].values.allSatisfy { $0 == 0 })
      } else {
        #expect(error < 1e-4, "\(entry.name): \(error)")
      }
    }
  }

  @Test("A tape serves one backward pass; the second is refused")
  func tapeOnce() async {
    let result = await #expect(processExitsWith: .failure) {
      let golden = try Golden(.gelu)
      let (features, tape) = golden.model.recordFeatures(
        of: golden["pixels"], parameters: golden.parameters)
      var gradients = StateDict(zeros: golden.model.layout)
      for _ in 0..<2 {
        golden.model.accumulateGradients(
          of: features, through: tape, parameters: golden.parameters, into: &gradients)
      }
    }
    // A failed precondition ends the process by a signal, an error would by a code.
    if case .exitCode(let code) = result?.exitStatus { Issue.record("exit code \(code)") }
  }

  @Test("What computes is known by name")
  func backend() {
    #expect(ComputeBackend.matrixProducts.hasPrefix("MergeShift ("))
  }
}
