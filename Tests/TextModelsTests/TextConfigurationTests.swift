import Foundation
import TestSupport
import Testing
import TextModels
import VisionModels

@Suite("Text transformer configuration")
struct TextConfigurationTests {
  private func parse(_ json: String) throws -> TextConfiguration {
    let folder = try TemporaryFolder()
    return try TextConfiguration(contentsOf: folder.write(json, to: "config.json"))
  }

  private func problem(_ json: String) throws -> String {
    let error = #expect(throws: TextModelError.self) { try parse(json) }
    return error.map { "\($0)" } ?? ""
  }

  @Test("A whole model's file: the text tower's keys, the projection from the top")
  func wholeModel() throws {
    let configuration = try TextConfiguration(contentsOf: GoldenFiles.path("tiny/config.json"))
    #expect(configuration.width == 24)
    #expect(configuration.layerCount == 2)
    #expect(configuration.headCount == 3)
    #expect(configuration.mlpWidth == 40)
    #expect(configuration.embeddingWidth == 12)
    #expect(configuration.tokenCount == 77)
    #expect(configuration.activation == .quickGELU)
    let nested = try parse(
      #"{"projection_dim": 768, "text_config": {"hidden_size": 768, "num_attention_heads": 12}}"#)
    #expect(nested.embeddingWidth == 768)
    #expect(nested.width == 768)
    #expect(try parse(#"{"text_config": {"projection_dim": 32}}"#).embeddingWidth == 32)
    #expect(try parse(#"{"vision_config": {}, "hidden_size": 1}"#) == parse("{}"))
  }

  @Test("A text tower's file, and the defaults of what it leaves out")
  func tower() throws {
    let defaults = try parse("{}")
    #expect(defaults.vocabularySize == 49408)
    #expect(defaults.width == 512)
    #expect(defaults.layerCount == 12)
    #expect(defaults.headCount == 8)
    #expect(defaults.mlpWidth == 2048)
    #expect(defaults.embeddingWidth == 512)
    #expect(defaults.endToken == 49407)
    let tower = try parse(#"{"hidden_act": "gelu", "projection_dim": 640, "eos_token_id": 2}"#)
    #expect(tower.activation == .gelu)
    #expect(tower.embeddingWidth == 640)
    #expect(tower.endToken == 2)
  }

  @Test("The pooled token: the first end token, or the first of the largest in old files")
  func pooling() throws {
    let current = try parse(#"{"eos_token_id": 7}"#)
    #expect(current.pooledPosition(of: [1, 9, 7, 9, 7]) == 2)
    #expect(current.pooledPosition(of: [1, 9]) == nil)
    let legacy = try parse(#"{"eos_token_id": 2}"#)
    #expect(legacy.pooledPosition(of: [1, 9, 2, 9, 7]) == 1)
    #expect(legacy.pooledPosition(of: []) == nil)
  }

  @Test("Errors name the file, the key and what would be right")
  func failures() throws {
    #expect(try problem("{").contains("config.json: the file"))
    #expect(
      try problem(#"{"text_config": {"hidden_size": "wide"}}"#).contains(
        "text_config.hidden_size should be of type Int"))
    #expect(
      try problem(#"{"hidden_act": "relu"}"#).contains(
        "hidden_act is relu, should be quick_gelu or gelu"))
    #expect(
      try problem(#"{"num_attention_heads": 7}"#).contains(
        "num_attention_heads is 7, should divide hidden_size 512"))
    #expect(try problem(#"{"vocab_size": 0}"#).contains("vocab_size is 0"))
    #expect(
      try problem(#"{"max_position_embeddings": 1}"#).contains("should leave room for start"))
    #expect(try problem(#"{"layer_norm_eps": 1}"#).contains("layer_norm_eps is 1"))
    #expect(
      try problem(#"{"eos_token_id": 50000}"#).contains(
        "eos_token_id is 50000, should be below vocab_size 49408"))
    #expect(throws: TextModelError.self) { try TextConfiguration(contentsOf: "/no/config.json") }
  }
}
