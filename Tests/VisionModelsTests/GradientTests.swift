import Checkpoints
import TensorCore
import Testing
import VisionModels

@Suite("Vision transformer gradients")
struct GradientTests {
  static func configuration(_ activation: Activation, layers: Int) -> ViTConfiguration {
    ViTConfiguration(
      imageSize: 6, patchSize: 3, width: 6, layerCount: layers, headCount: 2, mlpWidth: 9,
      embeddingWidth: 5, activation: activation)
  }

  /// Generic values: no bias is zero, no norm's scale one.
  static func parameters(of model: VisionTransformer) -> StateDict {
    var random = KeyedRandom(seed: 3, "parameters")
    let draws = random.normals(model.layout.count).map { Float($0) }
    var parameters = StateDict(layout: model.layout, values: draws)
    for entry in model.layout.entries {
      let isScale = entry.name.contains("norm") && entry.name.hasSuffix("weight")
      for i in entry.range {
        parameters.values[i] = isScale ? 1 + 0.2 * draws[i] : 0.5 * draws[i]
      }
    }
    return parameters
  }

  static func pixels(_ count: Int, _ size: Int) -> Tensor {
    var random = KeyedRandom(seed: 3, "pixels")
    return Tensor(
      shape: [count, 3, size, size],
      values: random.normals(count * 3 * size * size).map { Float($0) })
  }

  static func featureGradient(_ count: Int, _ width: Int) -> Tensor {
    var random = KeyedRandom(seed: 3, "gradient")
    return Tensor(shape: [count, width], values: random.normals(count * width).map { Float($0) })
  }

  /// Of the sum of the features, weighted by `featureGradient`.
  static func gradients(
    _ model: VisionTransformer, _ parameters: StateDict, _ pixels: Tensor, _ weights: Tensor
  ) -> (features: Tensor, gradients: StateDict) {
    let (features, tape) = model.recordFeatures(of: pixels, parameters: parameters)
    var gradients = StateDict(zeros: model.layout)
    model.accumulateGradients(
      of: weights, through: tape, parameters: parameters, into: &gradients)
    return (features, gradients)
  }

  @Test(
    "Every gradient equals central differences in double precision",
    arguments: Activation.allCases, [1, 3])
  func centralDifferences(activation: Activation, layers: Int) {
    let configuration = Self.configuration(activation, layers: layers)
    let model = VisionTransformer(configuration: configuration)
    let reference = ReferenceTransformer(configuration: configuration, layout: model.layout)
    let parameters = Self.parameters(of: model)
    let (pixels, weights) = (Self.pixels(2, 6), Self.featureGradient(2, 5))
    let (features, gradients) = Self.gradients(model, parameters, pixels, weights)

    func outputs(_ parameters: [Double]) -> [Double] {
      (0..<2).flatMap { reference.features(of: pixels.rows($0..<$0 + 1).values, parameters) }
    }
    var moved = parameters.values.map { Double($0) }
    #expect(relativeError(features.values, outputs(moved).map { Float($0) }) < 1e-5)
    for entry in model.layout.entries {
      let differences = entry.range.map { index in
        let center = moved[index]
        let ends = [1e-5, -1e-5].map { step in
          moved[index] = center + step
          return zip(outputs(moved), weights.values).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        moved[index] = center
        return (ends[0] - ends[1]) / 2e-5
      }
      let got = gradients[entry.name].values
      if entry.name.hasSuffix("k_proj.bias") {
        #expect(differences.allSatisfy { abs($0) < 1e-7 } && got.allSatisfy { $0 == 0 })
      } else {
        let error = relativeError(got, differences.map { Float($0) })
        #expect(error < 5e-5, "\(entry.name): \(error)")
      }
    }
  }

  @Test("The number of threads changes no bit of features and gradients")
  func threads() {
    let configuration = ViTConfiguration(
      imageSize: 32, patchSize: 8, width: 40, layerCount: 3, headCount: 5, mlpWidth: 200,
      embeddingWidth: 24)
    let model = VisionTransformer(configuration: configuration)
    let parameters = Self.parameters(of: model)
    let (pixels, weights) = (Self.pixels(70, 32), Self.featureGradient(70, 24))
    let outcomes = [1, 2, 3, 7].map { threads in
      Parallel.threadCount = threads
      return Self.gradients(model, parameters, pixels, weights)
    }
    for outcome in outcomes.dropFirst() {
      #expect(outcome.features == outcomes[0].features)
      #expect(outcome.gradients == outcomes[0].gradients)
    }
    Parallel.threadCount = 2
    let features = model.features(of: pixels, parameters: parameters)
    #expect(features == outcomes[0].features, "recording changes no bit either")
  }

  @Test("Gradients of parts add up to those of the whole batch", arguments: [1, 16, 37])
  func parts(first: Int) {
    let model = VisionTransformer(configuration: Self.configuration(.quickGELU, layers: 2))
    let parameters = Self.parameters(of: model)
    let (pixels, weights) = (Self.pixels(64, 6), Self.featureGradient(64, 5))
    let whole = Self.gradients(model, parameters, pixels, weights)
    var sum = StateDict(zeros: model.layout)
    var features: [Float] = []
    for range in [0..<first, first..<64] {
      let (part, tape) = model.recordFeatures(of: pixels.rows(range), parameters: parameters)
      features += part.values
      model.accumulateGradients(
        of: weights.rows(range), through: tape, parameters: parameters, into: &sum)
    }
    #expect(relativeError(features, whole.features.values) < 1e-5)
    #expect(relativeError(sum.values, whole.gradients.values) < 1e-5)
  }

  @Test("A batch without images has no features and no gradients")
  func emptyBatch() {
    let model = VisionTransformer(configuration: Self.configuration(.gelu, layers: 2))
    let outcome = Self.gradients(
      model, Self.parameters(of: model), Self.pixels(0, 6), Tensor(zeros: [0, 5]))
    #expect(outcome.features.shape == [0, 5])
    #expect(outcome.gradients.values.allSatisfy { $0 == 0 })
  }
}
