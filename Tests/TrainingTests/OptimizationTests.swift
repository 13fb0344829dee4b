import Checkpoints
import Foundation
import TensorCore
import Testing
import Training

/// PyTorch's results; `Goldens/make_goldens.py` writes them.
private struct Goldens: Decodable {
  struct AdamW: Decodable {
    let start: [Float]
    let gradients: [[Float]]
    let rates: [Double]
    let after: [[Float]]
  }
  struct CrossEntropy: Decodable {
    let features: [Float]
    let weights: [Float]
    let labels: [Int]
    let scale: Float
    let loss: Double
    let correct: Int
    let featureGradient: [Float]
    let weightGradient: [Float]
  }
  let adamw: AdamW
  let crossEntropy: CrossEntropy

  static func load() throws -> Goldens {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/training.json")
    return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: path))
  }
}

private func largestDifference(_ left: [Float], _ right: [Float]) -> Float {
  zip(left, right).map { abs($0 - $1) }.max() ?? .infinity
}

@Suite("Optimisation")
struct OptimizationTests {
  @Test("AdamW's steps are PyTorch's, with decay on the matrix and none on the bias")
  func adamW() throws {
    let golden = try Goldens.load().adamw
    let layout = ParameterLayout([(name: "a.weight", shape: [2, 3]), (name: "a.bias", shape: [3])])
    var parameters = StateDict(layout: layout, values: golden.start)
    var optimizer = AdamW(layout, .init(weightDecay: 0.1, beta2: 0.98))
    for (index, rate) in golden.rates.enumerated() {
      let gradients = StateDict(layout: layout, values: golden.gradients[index])
      optimizer.update(&parameters, gradients: gradients, learningRate: rate)
      #expect(largestDifference(parameters.values, golden.after[index]) < 1e-6)
    }
    #expect(optimizer.step == 5)
  }

  @Test("A gradient scale multiplies the gradient")
  func gradientScale() {
    let layout = ParameterLayout([(name: "weight", shape: [1, 2])])
    let start = StateDict(layout: layout, values: [1, 2])
    var scaled = start
    var halved = start
    var first = AdamW(layout, .init(epsilon: 0.1))
    var second = first
    first.update(
      &scaled, gradients: StateDict(layout: layout, values: [0.4, -2]), learningRate: 0.1,
      gradientScale: 0.5)
    second.update(
      &halved, gradients: StateDict(layout: layout, values: [0.2, -1]), learningRate: 0.1)
    #expect(scaled == halved)
    #expect(scaled != start)
  }

  @Test("Norms, biases and embeddings do not decay")
  func decays() {
    let layout = ParameterLayout([
      (name: "vision_model.embeddings.class_embedding", shape: [4]),
      (name: "vision_model.embeddings.patch_embedding.weight", shape: [4, 3, 2, 2]),
      (name: "vision_model.embeddings.position_embedding.weight", shape: [5, 4]),
      (name: "vision_model.encoder.layers.0.mlp.fc1.weight", shape: [8, 4]),
      (name: "vision_model.encoder.layers.0.mlp.fc1.bias", shape: [8]),
      (name: "vision_model.post_layernorm.weight", shape: [4]),
    ])
    #expect(layout.entries.map(AdamW.decays) == [false, true, false, true, false, false])
  }

  @Test("The rate rises evenly, then falls along half a cosine to its last share")
  func schedule() {
    let schedule = LearningRateSchedule(
      peak: 2, warmupSteps: 4, totalSteps: 104, finalShare: 0.1)
    #expect((0..<5).map(schedule.rate) == [0.5, 1, 1.5, 2, 2])
    #expect(abs(schedule.rate(at: 54) - 1.1) < 1e-12)
    #expect(abs(schedule.rate(at: 104) - 0.2) < 1e-12)
  }

  @Test("Loss and gradients of the cosine classifier are PyTorch's")
  func crossEntropy() throws {
    let golden = try Goldens.load().crossEntropy
    let classifier = CosineClassifier(
      weights: Tensor(shape: [3, 5], values: golden.weights), scale: golden.scale)
    let outcome = classifier.evaluate(
      features: Tensor(shape: [4, 5], values: golden.features), labels: golden.labels,
      labelSmoothing: 0.1)
    #expect(abs(outcome.loss - golden.loss) < 1e-5)
    #expect(outcome.correctCount == golden.correct)
    #expect(largestDifference(outcome.featureGradient.values, golden.featureGradient) < 1e-5)
    #expect(largestDifference(outcome.weightGradient.values, golden.weightGradient) < 1e-5)
  }

  @Test("Class means point where a class's features do")
  func classMeans() {
    let features = Tensor(shape: [3, 2], values: [3, 0, 1, 0, 0, 5])
    let means = CosineClassifier.classMeans(
      features: features, labels: [1, 1, 0], classCount: 2, scale: 1)
    #expect(means.weights.values == [0, 1, 1, 0])
  }
}
