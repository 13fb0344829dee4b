import Foundation
import TestSupport
import Testing
import VisionModels

@Suite("Vision transformer configuration")
struct ViTConfigurationTests {
  private func parse(_ json: String) throws -> ViTConfiguration {
    let folder = try TemporaryFolder()
    return try ViTConfiguration(contentsOf: folder.write(json, to: "config.json"))
  }

  private func problem(_ json: String) throws -> String {
    let error = #expect(throws: ModelError.self) { try parse(json) }
    return error.map { "\($0)" } ?? ""
  }

  @Test("What is written is read again")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    for backbone in BackboneCatalog.all {
      let path = "\(folder.path)/config.json"
      try backbone.configuration.write(to: path)
      #expect(try ViTConfiguration(contentsOf: path) == backbone.configuration)
      #expect(BackboneCatalog.name(of: backbone.configuration) == backbone.name)
      #expect(BackboneCatalog[backbone.name] == backbone.configuration)
    }
    try BackboneCatalog["ViT-L/14"]!.write(to: "\(folder.path)/config.json")
    let text = try String(contentsOfFile: "\(folder.path)/config.json", encoding: .utf8)
    #expect(text.contains("\"hidden_size\" : 1024"))
    #expect(text.contains("\"model_type\" : \"clip_vision_model\""))
  }

  @Test("A file of transformers: every key from where it stands")
  func transformers() throws {
    let configuration = try ViTConfiguration(contentsOf: Golden.path("tiny/config.json"))
    #expect(
      configuration
        == ViTConfiguration(
          imageSize: 24, patchSize: 8, width: 24, layerCount: 2, headCount: 3, mlpWidth: 40,
          embeddingWidth: 12))
    #expect(configuration.tokenCount == 10)
  }

  @Test("A whole CLIP model's file, and the defaults of what it leaves out")
  func wholeModel() throws {
    let configuration = try parse(
      """
      {"model_type": "clip", "hidden_size": 1, "projection_dim": 768,
       "vision_config": {"hidden_size": 1024, "num_attention_heads": 16, "patch_size": 14,
                         "num_hidden_layers": 24, "intermediate_size": 4096}}
      """)
    #expect(configuration == BackboneCatalog["ViT-L/14"])
    #expect(try parse("{}") == BackboneCatalog["ViT-B/32"])
    #expect(try parse(#"{"hidden_act": "gelu"}"#).activation == .gelu)
  }

  @Test("Errors name the file, the key and what would be right")
  func failures() throws {
    #expect(try problem("{").contains("config.json: the file"))
    #expect(try problem(#"{"hidden_size": "wide"}"#).contains("hidden_size should be of type Int"))
    #expect(
      try problem(#"{"hidden_act": "relu"}"#).contains(
        "hidden_act is relu, should be quick_gelu or gelu"))
    #expect(try problem(#"{"num_channels": 4}"#).contains("num_channels is 4, should be 3"))
    #expect(
      try problem(#"{"num_attention_heads": 7}"#).contains(
        "num_attention_heads is 7, should divide hidden_size 768"))
    #expect(
      try problem(#"{"patch_size": 15}"#).contains("patch_size is 15, should divide image_size"))
    #expect(try problem(#"{"num_hidden_layers": 0}"#).contains("num_hidden_layers is 0"))
    #expect(try problem(#"{"layer_norm_eps": 0}"#).contains("layer_norm_eps is 0"))
    #expect(throws: ModelError.self) { try ViTConfiguration(contentsOf: "/no/such/config.json") }
  }
}
