import Checkpoints
import TensorCore
import Testing
import TextModels
import VisionModels

@Suite("Text transformer")
struct TextTransformerTests {
  private let golden: GoldenFiles
  private let checkpoint: TextCheckpoint

  init() throws {
    golden = try GoldenFiles()
    checkpoint = try TextCheckpoint.load(GoldenFiles.path("tiny"))
  }

  private func model(
    activation: Activation = .quickGELU, endToken: Int? = nil
  ) throws -> TextTransformer {
    TextTransformer(
      configuration: try TinyConfiguration.with(
        activation: activation.rawValue, endToken: endToken ?? checkpoint.configuration.endToken))
  }

  @Test("Embeddings equal CLIPTextModelWithProjection's", arguments: Activation.allCases)
  func embeddings(activation: Activation) throws {
    let texts = try golden.texts("tokens")
    let embeddings = try model(activation: activation).embeddings(
      of: texts, parameters: checkpoint.parameters)
    #expect(relativeError(embeddings, try golden[activation.rawValue]) < 2e-6)
  }

  @Test("With the old end token 2 the largest token stands for the text, else the first end token")
  func pooling() throws {
    let legacy = try model(endToken: 2)
    let texts = try golden.texts("tokens")
    let embeddings = try legacy.embeddings(of: texts, parameters: checkpoint.parameters)
    #expect(relativeError(embeddings, try golden["legacy"]) < 2e-6)
    let swapped = try golden.texts("swapped_tokens")
    for (model, name) in [(legacy, "swapped_legacy"), (try model(endToken: 5), "swapped_five")] {
      let embeddings = try model.embeddings(of: swapped, parameters: checkpoint.parameters)
      #expect(relativeError(embeddings, try golden[name]) < 2e-6, "\(name)")
    }
  }

  @Test("A text's embedding does not depend on its padding or on the texts beside it")
  func grouping() throws {
    let texts = try golden.texts("tokens")
    let model = try model()
    let together = try model.embeddings(of: texts, parameters: checkpoint.parameters)
    for (index, text) in texts.enumerated() {
      let end = try #require(text.firstIndex(of: checkpoint.configuration.endToken))
      let alone = try model.embeddings(
        of: [Array(text[...end])], parameters: checkpoint.parameters)
      #expect(relativeError(alone, together.rows(index..<index + 1)) < 1e-5)
    }
    let many = try model.embeddings(
      of: Array(repeating: texts[1], count: 100), parameters: checkpoint.parameters)
    #expect(relativeError(many.rows(99..<100), together.rows(1..<2)) < 1e-5)
    let none = try model.embeddings(of: [], parameters: checkpoint.parameters)
    #expect(none.shape == [0, 12])
  }

  @Test("Tokens that the model can't take are refused")
  func failures() throws {
    let model = try model()
    func problem(_ tokens: [Int]) -> String {
      let error = #expect(throws: TextModelError.self) {
        try model.embeddings(of: [tokens], parameters: checkpoint.parameters)
      }
      return error.map { "\($0)" } ?? ""
    }
    let end = model.configuration.endToken
    #expect(problem([]).contains("the end token \(end) is not among them"))
    #expect(problem([1, 2]).contains("the end token \(end) is not among them"))
    #expect(problem([1, end + 1]).contains("\(end + 1) is not among the model's \(end + 1)"))
    #expect(problem([-1, end]).contains("-1 is not among"))
    #expect(
      problem(Array(repeating: end, count: 78)).contains("78 of them, the model takes 77"))
  }
}
