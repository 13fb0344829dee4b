import Checkpoints
import Evaluation
import Foundation
import Imaging
import Merging
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("Models and heads of a suite")
struct ModelLoadingTests {
  private func open(_ tiny: TinySuite) throws -> Workbench {
    try Workbench(try tiny.suite(), tasks: TinySuite.tasks)
  }

  private func problem(_ tiny: TinySuite) -> String {
    let error = #expect(throws: EvaluationError.self) { try open(tiny) }
    return error?.description.replacing("\(tiny.path)/", with: "") ?? ""
  }

  /// A line more in the suite's file.
  private func add(_ line: String, to tiny: TinySuite) throws {
    let text = try String(contentsOfFile: "\(tiny.path)/suite.yaml", encoding: .utf8)
    try tiny.folder.write("\(text)\(line)\n", to: "suite.yaml")
  }

  @Test("A head without names gets those of the class folders, in their order")
  func bareHead() throws {
    let tiny = try TinySuite()
    let path = "\(tiny.path)/heads/red.safetensors"
    let named = try ClassificationHead(contentsOf: path)
    try SafetensorsWriter.write([("weight", named.weights)], to: path)
    #expect(try open(tiny)["red"].head == named)
    let four = Tensor(shape: [4, 8], values: [Float](repeating: 1, count: 32))
    try SafetensorsWriter.write([("weight", four)], to: path)
    #expect(problem(tiny).contains("'dark'"))
  }

  @Test("The base model's preprocessor counts; a crop of another size needs interpolation")
  func preprocessor() throws {
    let tiny = try TinySuite()
    try tiny.folder.write(
      #"{"size": 16, "crop_size": 16, "image_mean": [0, 0.5, 1], "resample": 2}"#,
      to: "models/base/preprocessor_config.json")
    let same = try open(tiny).preprocessing
    #expect(same.mean == [0, 0.5, 1])
    #expect(same.filter == .bilinear)
    try add("mean: [0.1, 0.2, 0.3]", to: tiny)
    #expect(try open(tiny).preprocessing.mean == [0.1, 0.2, 0.3])
    for model in ["base", "experts/red", "experts/green", "experts/blue"] {
      try tiny.folder.write(
        #"{"size": 28, "crop_size": 24}"#, to: "models/\(model)/preprocessor_config.json")
    }
    #expect(
      problem(tiny).contains(
        "models/base: its preprocessor_config.json crops images to 24 pixels, its position "
          + "embeddings are for 16; interpolate_positions: true"))
    try add("interpolate_positions: true", to: tiny)
    let workbench = try open(tiny)
    #expect(workbench.encoder.imageSize == 24)
    #expect(workbench.preprocessing.imageSize == 24)
    #expect(workbench.preprocessing.resizedSize == 28)
    #expect(try workbench.bank(of: TinySuite.tasks).layout == workbench.encoder.layout)
  }

  @Test("NaN and infinity in models are refused with every tensor, before anything is computed")
  func nonFinite() throws {
    for model in ["base", "experts/green"] {
      let tiny = try TinySuite()
      let path = "\(tiny.path)/models/\(model)"
      var checkpoint = try VisionCheckpoint.load(path)
      let last = checkpoint.parameters.values.count - 1
      checkpoint.parameters.values[3] = .infinity
      checkpoint.parameters.values[last] = .nan
      try checkpoint.write(to: path)
      let message = problem(tiny)
      let file = "models/\(model)/model.safetensors: tensor"
      #expect(
        message.contains(
          "\(file) 'vision_model.embeddings.class_embedding': holds NaN or infinity at 1 elements, "
            + "the first is 3"), "\(message)")
      #expect(
        message.contains("\(file) 'visual_projection.weight': holds NaN or infinity"), "\(message)")
    }
  }

  @Test("A suite may keep its task vectors as bfloat16; that makes other cells of its plans")
  func taskVectors() throws {
    let tiny = try TinySuite()
    let exact = try open(tiny)
    try add("task_vectors: bfloat16", to: tiny)
    let rounded = try open(tiny)
    let bank = try rounded.bank(of: TinySuite.tasks)
    #expect(bank.precision == .bfloat16)
    let experts = TinySuite.tasks
    #expect(
      rounded.weightsHash(experts: experts, heads: experts)
        != exact.weightsHash(experts: experts, heads: experts))
  }

  @Test(
    "An expert of another architecture is refused with every difference, before values are read")
  func architecture() throws {
    let tiny = try TinySuite()
    let other = ViTConfiguration(
      imageSize: 16, patchSize: 8, width: 16, layerCount: 1, headCount: 4, mlpWidth: 32,
      embeddingWidth: 8)
    try VisionCheckpoint(
      configuration: other,
      parameters: StateDict(zeros: VisionTransformer(configuration: other).layout)
    ).write(to: "\(tiny.path)/models/experts/green")
    #expect(
      problem(tiny).contains(
        "models/experts/green: is another model than the base model, models/base: "
          + "num_hidden_layers is 1, not 2; num_attention_heads is 4, not 2"))
  }
}
