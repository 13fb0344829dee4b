import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("ViT and DINOv2")
struct FamilyTests {
  @Test("Class tokens equal PyTorch's", arguments: ["vit", "dinov2"])
  func forward(family: String) throws {
    let golden = try LayoutGolden("\(family)/golden.safetensors")
    let checkpoint = try VisionCheckpoint.load(LayoutGolden.path(family))
    #expect(checkpoint.configuration.family.rawValue == family)
    #expect(!checkpoint.configuration.hasProjection)
    let features = checkpoint.features(of: golden["pixels"])
    let error = relativeError(features.values, golden["features"].values)
    #expect(error < 1e-6, "\(error)")
  }

  @Test("The gradient of every parameter equals PyTorch's", arguments: ["vit", "dinov2"])
  func backward(family: String) throws {
    let golden = try LayoutGolden("\(family)/golden.safetensors")
    let checkpoint = try VisionCheckpoint.load(LayoutGolden.path(family))
    let model = VisionTransformer(configuration: checkpoint.configuration)
    let (features, tape) = model.recordFeatures(
      of: golden["pixels"], parameters: checkpoint.parameters)
    #expect(
      features == model.features(of: golden["pixels"], parameters: checkpoint.parameters))
    // Gradients are added to what is there.
    var gradients = StateDict(
      layout: model.layout, values: [Float](repeating: 1, count: model.layout.count))
    model.accumulateGradients(
      of: golden["weights"], through: tape, parameters: checkpoint.parameters, into: &gradients)
    for index in gradients.values.indices { gradients.values[index] -= 1 }
    let expected = golden.tensors.keys.filter { $0.hasPrefix("gradient/") }
    #expect(Set(expected) == Set(model.layout.names.map { "gradient/\($0)" }))
    for entry in model.layout.entries where !entry.name.hasSuffix("key.bias") {
      let error = relativeError(
        gradients[entry.name].values, golden["gradient/\(entry.name)"].values)
      #expect(error < 2e-5, "\(entry.name): \(error)")
    }
  }

  @Test("Position embeddings of larger images are interpolated as transformers does, if asked")
  func interpolation() throws {
    for (family, pixels, features) in [
      ("layouts/vit", "larger_pixels", "larger_features"),
      ("layouts/dinov2", "larger_pixels", "larger_features"), ("tiny", "pixels", "features"),
    ] {
      let golden = try LayoutGolden(
        family == "tiny"
          ? "clip_positions.safetensors" : "\(family.dropFirst(8))/golden.safetensors")
      let size = golden[pixels].shape[3]
      let path = Golden.path(family)
      #expect(
        loadingProblem(path, options: LoadingOptions(imageSize: size)).contains(
          "interpolated only if asked for: --interpolate-positions"))
      let checkpoint = try VisionCheckpoint.load(
        path, options: LoadingOptions(interpolatesPositions: true, imageSize: size))
      #expect(checkpoint.configuration.imageSize == size)
      let error = relativeError(
        checkpoint.features(of: golden[pixels]).values, golden[features].values)
      #expect(error < 1e-6, "\(family): \(error)")
    }
  }

  @Test("Gradients of layer scales equal central differences in double precision")
  func layerScales() {
    for family in [ViTFamily.vit, .dinov2] {
      let configuration = ViTConfiguration(
        imageSize: 6, patchSize: 3, width: 6, layerCount: 1, headCount: 2, mlpWidth: 9,
        embeddingWidth: nil, activation: .gelu, family: family)
      let model = VisionTransformer(configuration: configuration)
      let parameters = GradientTests.parameters(of: model)
      let (pixels, weights) = (GradientTests.pixels(2, 6), GradientTests.featureGradient(2, 6))
      let gradients = GradientTests.gradients(model, parameters, pixels, weights).gradients
      for entry in model.layout.entries where entry.shape.rank != 2 {
        let index = entry.range.lowerBound + entry.shape.count / 2
        func loss(_ step: Float) -> Double {
          var moved = parameters
          moved.values[index] += step
          let features = model.features(of: pixels, parameters: moved)
          return zip(features.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        let expected = (loss(0x1p-8) - loss(-0x1p-8)) / 0x1p-7
        let got = Double(gradients.values[index])
        #expect(abs(got - expected) < 5e-3 * max(1, abs(expected)), "\(entry.name)")
      }
    }
  }

  @Test("The number of threads changes no bit of layer scales")
  func threads() {
    let configuration = ViTConfiguration(
      imageSize: 16, patchSize: 4, width: 24, layerCount: 2, headCount: 3, mlpWidth: 96,
      embeddingWidth: nil, activation: .gelu, family: .dinov2)
    let model = VisionTransformer(configuration: configuration)
    let parameters = GradientTests.parameters(of: model)
    let (pixels, weights) = (GradientTests.pixels(40, 16), GradientTests.featureGradient(40, 24))
    let outcomes = [1, 3].map { threads in
      Parallel.threadCount = threads
      return GradientTests.gradients(model, parameters, pixels, weights)
    }
    Parallel.threadCount = 2
    #expect(outcomes[0].features == outcomes[1].features)
    #expect(outcomes[0].gradients == outcomes[1].gradients)
  }

  @Test("What can't be computed is refused by the key of config.json")
  func refused() throws {
    let folder = try TemporaryFolder()
    for (json, message) in [
      (#"{"model_type": "dinov2", "use_swiglu_ffn": true}"#, "use_swiglu_ffn is true"),
      (#"{"model_type": "vit", "qkv_bias": false}"#, "qkv_bias is false"),
      (#"{"model_type": "siglip"}"#, "model_type is siglip, should be clip"),
      (#"{"model_type": "vit", "image_size": [224, 192]}"#, "images are square"),
    ] {
      let path = try folder.write(json, to: "config.json")
      let error = #expect(throws: ModelError.self) { try ViTConfiguration(contentsOf: path) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
    let list = try folder.write(#"{"model_type": "vit", "image_size": [384, 384]}"#, to: "a.json")
    #expect(try ViTConfiguration(contentsOf: list).imageSize == 384)
  }

  /// `MERGESHIFT_DINOV2`: a folder with `config.json`, `model.safetensors` and `golden.safetensors` of a
  /// real DINOv2: its first tensors of four and of two axes are inputs and class tokens.
  static let realWeights = ProcessInfo.processInfo.environment["MERGESHIFT_DINOV2"]

  @Test("Class tokens of real DINOv2 weights equal PyTorch's", .enabled(if: realWeights != nil))
  func realDINOv2() throws {
    let folder = try #require(Self.realWeights)
    let golden = try LayoutGolden(path: "\(folder)/golden.safetensors")
    let pixels = try #require(golden.tensors.values.first { $0.shape.rank == 4 })
    let expected = try #require(golden.tensors.values.first { $0.shape.rank == 2 })
    let features = try VisionCheckpoint.load(folder).features(of: pixels)
    let error = relativeError(features.values, expected.values)
    #expect(error < 1e-5, "\(error)")
    print("relative error of real DINOv2: \(error)")
  }
}
