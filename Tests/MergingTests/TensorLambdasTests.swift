import Checkpoints
import Configuration
import Merging
import TensorCore
import Testing
import VisionModels

@Suite("Lambdas of tensors")
struct TensorLambdasTests {
  private func method(_ text: String) throws -> any MergingMethod {
    try MethodCatalog.entry(named: "task-arithmetic")
      .method(options: YAMLDocument(text: text, file: "plan.yaml").reader())
  }

  @Test("Every tensor of every family is in its group", arguments: ViTFamily.allCases)
  func groups(family: ViTFamily) {
    let configuration = ViTConfiguration(
      imageSize: 8, patchSize: 4, width: 8, layerCount: 1, headCount: 2, mlpWidth: 16,
      embeddingWidth: family == .clip ? 4 : nil, activation: .gelu, family: family)
    let names = VisionTransformer(configuration: configuration).layout.names
    var counts: [ParameterGroup: Int] = [:]
    for name in names { counts[ParameterGroup(of: name), default: 0] += 1 }
    #expect(counts[.attention] == 8)
    #expect(counts[.mlp] == 4)
    #expect(counts[.embedding] == (family == .clip ? 3 : 4))
    #expect(counts[.projection] == (family == .clip ? 1 : nil))
    #expect(counts[.norm] == [.clip: 8, .vit: 6, .dinov2: 8][family])
  }

  @Test("Groups and patterns of a plan set the coefficients; a later pattern goes first")
  func options() throws {
    let bank = try ParitySet().bank
    let model = try method(
      """
      lambda: 0.1
      lambda_attention: 0.2
      lambda_norm: 0
      lambdas:
        "*layers.1.*": 0.5
        "*layers.1.*.bias": 0.6
        visual_projection.weight: 0.7
      """
    ).merge(bank)
    func lambda(_ layer: String) -> Double? { model.coefficients!["task1", layer] }
    let layers = "vision_model.encoder.layers"
    #expect(lambda("vision_model.embeddings.class_embedding") == 0.1)
    #expect(lambda("\(layers).0.self_attn.k_proj.weight") == 0.2)
    #expect(lambda("\(layers).0.mlp.fc1.weight") == 0.1)
    #expect(lambda("\(layers).0.layer_norm1.bias") == 0)
    #expect(lambda("\(layers).1.self_attn.k_proj.weight") == 0.5)
    #expect(lambda("\(layers).1.layer_norm1.bias") == 0.6)
    #expect(lambda("visual_projection.weight") == 0.7)
    #expect(try bank.merged(by: model.coefficients!) == model.shared)
  }

  @Test("One lambda for all is one coefficient a task")
  func uniform() throws {
    #expect(
      try method("lambda: 0.1").merge(ParitySet().bank).coefficients!.granularity == .taskwise)
  }

  @Test(
    "A pattern that fits no tensor is refused", arguments: ["*layers.7.*", "layers", "*weights"])
  func noTensor(pattern: String) throws {
    let bank = try ParitySet().bank
    let method = try method("lambdas: {'\(pattern)': 1}")
    let error = #expect(throws: MergingError.self) { try method.merge(bank) }
    #expect(error?.description.contains("no tensor fits the pattern '\(pattern)'") == true)
  }

  @Test(
    "What is no lambda is refused",
    arguments: ["lambda_mlp: x", "lambdas: 3", "lambdas: {a: 11}", "lambda_attn: 1"])
  func refused(text: String) throws {
    #expect(throws: ConfigurationError.self) { try method(text) }
  }
}
