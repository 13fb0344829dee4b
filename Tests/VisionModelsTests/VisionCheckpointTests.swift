import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("Vision checkpoints")
struct VisionCheckpointTests {
  @Test("The layout is PyTorch's named_parameters()")
  func layout() throws {
    let model = VisionTransformer(
      configuration: try ViTConfiguration(contentsOf: Golden.path("tiny/config.json")))
    let names = model.layout.names
    #expect(
      Array(names.prefix(9)) == [
        "vision_model.embeddings.class_embedding",
        "vision_model.embeddings.patch_embedding.weight",
        "vision_model.embeddings.position_embedding.weight", "vision_model.pre_layrnorm.weight",
        "vision_model.pre_layrnorm.bias", "vision_model.encoder.layers.0.self_attn.k_proj.weight",
        "vision_model.encoder.layers.0.self_attn.k_proj.bias",
        "vision_model.encoder.layers.0.self_attn.v_proj.weight",
        "vision_model.encoder.layers.0.self_attn.v_proj.bias",
      ])
    #expect(names.last == "visual_projection.weight")
    let base = VisionTransformer(configuration: BackboneCatalog["ViT-B/32"]!)
    #expect(base.layout.entries.count == 199 + 1, "199 of the tower, and the projection")
    #expect(base.layout.count == 87_849_216, "as transformers counts")
  }

  @Test("Names with and without vision_model., and what is not of the tower")
  func names() throws {
    let folder = try TemporaryFolder()
    let golden = try VisionCheckpoint.load(directory: Golden.path("tiny"))
    try golden.configuration.write(to: "\(folder.path)/config.json")
    var tensors = golden.parameters.layout.names.map { name in
      (name: name.replacing("vision_model.", with: ""), tensor: golden.parameters[name])
    }
    tensors.append(("text_model.final_layer_norm.bias", Tensor(zeros: [3])))
    tensors.append(("logit_scale", Tensor(zeros: [])))
    try SafetensorsWriter.write(tensors, to: "\(folder.path)/model.safetensors")
    #expect(try VisionCheckpoint.load(directory: folder.path) == golden)
  }

  @Test("What is written is read again, in every type", arguments: DType.allCases)
  func roundTrip(dtype: DType) throws {
    let folder = try TemporaryFolder()
    let golden = try VisionCheckpoint.load(directory: Golden.path("tiny"))
    try golden.write(to: "\(folder.path)/deep/model", dtype: dtype)
    let again = try VisionCheckpoint.load(directory: "\(folder.path)/deep/model")
    #expect(again.configuration == golden.configuration)
    let error = relativeError(again.parameters.values, golden.parameters.values)
    #expect(error <= [.float32: 0, .float16: 0x1p-11, .bfloat16: 0x1p-8][dtype]!)
  }

  @Test("Errors name the file and the parameter")
  func failures() throws {
    let folder = try TemporaryFolder()
    let golden = try VisionCheckpoint.load(directory: Golden.path("tiny"))
    func problem() -> String {
      let error = #expect(throws: ModelError.self) {
        try VisionCheckpoint.load(directory: folder.path)
      }
      return error.map { "\($0)" } ?? ""
    }
    #expect(problem().contains("config.json: can't be read"))
    try golden.configuration.write(to: "\(folder.path)/config.json")
    #expect(problem().contains("model.safetensors"))
    let projection = "visual_projection.weight"
    let others = golden.parameters.layout.names.filter { $0 != projection }.map {
      (name: $0, tensor: golden.parameters[$0])
    }
    try SafetensorsWriter.write(others, to: "\(folder.path)/model.safetensors")
    #expect(problem().contains(projection))
    try SafetensorsWriter.write(
      others + [(projection, Tensor(zeros: [12, 25]))], to: "\(folder.path)/model.safetensors")
    #expect(problem().contains("shape [12, 25]"))
  }

  @Test("Initial parameters: cut normals of CLIP's deviations, scales 1, biases 0")
  func initialParameters() {
    let model = VisionTransformer(
      configuration: ViTConfiguration(
        imageSize: 32, patchSize: 8, width: 64, layerCount: 2, headCount: 4, mlpWidth: 256,
        embeddingWidth: 32))
    var random = KeyedRandom(seed: 1, "init")
    let parameters = model.initialParameters(random: &random)
    // 0.8796 is the deviation of a normal distribution cut off at two deviations.
    for (name, deviation) in [
      ("vision_model.embeddings.patch_embedding.weight", 0.02),
      ("vision_model.encoder.layers.1.self_attn.q_proj.weight", 0.125 / 2),
      ("vision_model.encoder.layers.0.self_attn.out_proj.weight", 0.125),
      ("vision_model.encoder.layers.0.mlp.fc1.weight", 0.125 / 2.0.squareRoot()),
      ("vision_model.encoder.layers.0.mlp.fc2.weight", 0.125 / 2),
      ("visual_projection.weight", 0.125),
    ] {
      let values = parameters[name].values.map { Double($0) }
      let measured = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
      #expect(abs(measured / (0.8796 * deviation) - 1) < 0.06, "\(name)")
      #expect(values.allSatisfy { abs($0) <= 2.0001 * deviation }, "\(name)")
    }
    for name in parameters.layout.names where name.contains("norm") || name.hasSuffix("bias") {
      let constant: Float = name.hasSuffix("weight") ? 1 : 0
      #expect(parameters[name].values.allSatisfy { $0 == constant }, "\(name)")
    }
    var again = KeyedRandom(seed: 1, "init")
    #expect(model.initialParameters(random: &again) == parameters)
  }
}
