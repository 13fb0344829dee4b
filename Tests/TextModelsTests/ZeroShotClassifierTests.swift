import Checkpoints
import Configuration
import Foundation
import TensorCore
import TestSupport
import Testing
import TextModels

@Suite("Zero-shot classifier")
struct ZeroShotClassifierTests {
  private func prompts(_ text: String) throws -> ClassPrompts {
    try ClassPrompts(YAMLDocument(text: text, file: "prompts.yaml"))
  }

  @Test("A class's row is the unit mean of its sentences' unit embeddings, as PyTorch's")
  func golden() throws {
    let classifier = try ZeroShotClassifier(GoldenFiles.path("tiny"))
    let weights = try classifier.weights(
      for: ClassPrompts(contentsOf: GoldenFiles.path("prompts.yaml")))
    #expect(relativeError(weights.tensor, try GoldenFiles()["head"]) < 2e-6)
    #expect(weights.truncatedCount == 0)
    #expect(abs(classifier.logitScale - 33.115452) < 1e-4)
    for row in 0..<3 {
      let squares = weights.tensor.rows(row..<row + 1).values.reduce(0) { $0 + $1 * $1 }
      #expect(abs(squares - 1) < 1e-5)
    }
  }

  @Test("Sentences that are too long lose their end, and are counted")
  func truncation() throws {
    let classifier = try ZeroShotClassifier(GoldenFiles.path("tiny"))
    let long = Array(repeating: "1", count: 80).joined(separator: " ")
    let weights = try classifier.weights(
      for: prompts("templates: ['{}']\nclasses: [a: '\(long)', b: '\(long) more', c: '1']"))
    #expect(weights.truncatedCount == 2)
    let rows = (0..<3).map { weights.tensor.rows($0..<$0 + 1) }
    #expect(relativeError(rows[0], rows[1]) < 1e-5)
    #expect(relativeError(rows[0], rows[2]) > 1e-2)
  }

  /// A copy of the tiny model without `logit_scale`, with another configuration and projection.
  private func variant(
    _ change: (inout [String: Any]) -> Void, projection: Float? = nil
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var keys = try TinyConfiguration.keys()
    change(&keys)
    try TinyConfiguration.write(keys, to: "\(folder.path)/config.json")
    let file = try SafetensorsFile(path: GoldenFiles.path("tiny/model.safetensors"))
    try SafetensorsWriter.write(
      file.names.filter { $0.hasPrefix("text_") }.map { name in
        var tensor = try file.tensor(named: name)
        if let projection, name == "text_projection.weight" {
          tensor.values = tensor.values.map { _ in projection }
        }
        if name.contains("token_embedding"), let count = keys["vocab_size"] as? Int {
          tensor = tensor.rows(0..<count)
        }
        return (name, tensor)
      }, to: "\(folder.path)/model.safetensors")
    for name in ["vocab.json", "merges.txt"] {
      try folder.write(
        Data(contentsOf: URL(filePath: GoldenFiles.path("tiny/\(name)"))), to: name)
    }
    return folder
  }

  @Test("Without a logit scale it is 100")
  func logitScale() throws {
    let folder = try variant { _ in }
    #expect(try ZeroShotClassifier(folder.path).logitScale == 100)
  }

  @Test("A tokenizer of another model is refused")
  func mismatch() throws {
    func problem(_ change: (inout [String: Any]) -> Void) throws -> String {
      let folder = try variant(change)
      let error = #expect(throws: TextModelError.self) {
        try ZeroShotClassifier(folder.path)
      }
      return error.map { "\($0)" } ?? ""
    }
    #expect(try problem { $0["eos_token_id"] = 5 }.contains("the model's eos_token_id 5"))
    let small = try problem {
      $0["vocab_size"] = 700
      $0["eos_token_id"] = 2
    }
    #expect(small.contains("it has 774 tokens, the model's vocab_size is 700"))
  }

  @Test(
    "Weights that give no direction are refused", arguments: [Float.greatestFiniteMagnitude, 0])
  func noDirection(projection: Float) throws {
    let folder = try variant({ _ in }, projection: projection)
    let classifier = try ZeroShotClassifier(folder.path)
    let error = #expect(throws: TextModelError.self) {
      try classifier.weights(for: prompts("templates: ['a {}']\nclasses: [cat]"))
    }
    #expect(error == .invalidEmbedding(of: "a cat"))
    #expect(error.map { "\($0)" }?.contains("zero or not finite") == true)
  }
}
