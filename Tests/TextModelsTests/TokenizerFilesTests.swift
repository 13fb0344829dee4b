import Foundation
import TestSupport
import Testing
import TextModels

@Suite("Tokenizer files")
struct TokenizerFilesTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func problem() -> String {
    let error = #expect(throws: TextModelError.self) {
      try CLIPTokenizer(directory: folder.path)
    }
    return error.map { "\($0)" } ?? ""
  }

  private func vocabulary() throws -> [String: Int] {
    try JSONDecoder().decode(
      [String: Int].self,
      from: Data(contentsOf: URL(filePath: GoldenFiles.path("tiny/vocab.json"))))
  }

  private func merges() throws -> [String] {
    try String(contentsOfFile: GoldenFiles.path("tiny/merges.txt"), encoding: .utf8)
      .split(separator: "\n").dropFirst().map { String($0) }
  }

  /// Writes a `tokenizer.json`, its merges as pairs or as texts.
  private func writeDocument(pairs: Bool, suffix: String = "</w>") throws {
    let merges = try merges()
    let model: [String: Any] = [
      "type": "BPE", "vocab": try vocabulary(), "end_of_word_suffix": suffix,
      "merges": pairs ? merges.map { $0.components(separatedBy: " ") } : merges,
    ]
    try folder.write(
      JSONSerialization.data(withJSONObject: ["version": "1.0", "model": model]),
      to: "tokenizer.json")
  }

  @Test("tokenizer.json gives the tokens of vocab.json and merges.txt", arguments: [true, false])
  func document(pairs: Bool) throws {
    try writeDocument(pairs: pairs)
    let tokenizer = try CLIPTokenizer(directory: folder.path)
    for golden in try GoldenFiles.tokens(GoldenFiles.path("tokens.jsonl")) {
      #expect(tokenizer.encode(golden.text) == golden.tokens)
    }
  }

  @Test("Line ends of Windows in merges.txt are line ends")
  func lineEnds() throws {
    try folder.write(
      Data(contentsOf: URL(filePath: GoldenFiles.path("tiny/vocab.json"))), to: "vocab.json")
    try folder.write(
      (["#version: 0.2"] + merges()).joined(separator: "\r\n") + "\r\n", to: "merges.txt")
    let tokenizer = try CLIPTokenizer(directory: folder.path)
    let golden = try CLIPTokenizer(directory: GoldenFiles.path("tiny"))
    #expect(tokenizer.encode("a satellite photo") == golden.encode("a satellite photo"))
  }

  @Test("A byte that the vocabulary does not have is the unknown token, the end token")
  func unknown() throws {
    try folder.write(#"{"a</w>": 0, "<|startoftext|>": 1, "<|endoftext|>": 2}"#, to: "vocab.json")
    try folder.write("#version: 0.2\n", to: "merges.txt")
    let tokenizer = try CLIPTokenizer(directory: folder.path)
    #expect(tokenizer.encode("a ba") == [1, 0, 2, 0, 2])
    #expect(tokenizer.vocabularySize == 3)
  }

  @Test("Errors of a vocabulary name the file and what would be right")
  func vocabularyFailures() throws {
    #expect(problem().contains("it should have vocab.json and merges.txt, or tokenizer.json"))
    try folder.write("#version: 0.2\n", to: "merges.txt")
    #expect(problem().contains("it should have vocab.json and merges.txt"))
    try folder.write("{\"a\": ", to: "vocab.json")
    #expect(problem().contains("vocab.json: not CLIP's tokenizer"))
    try folder.write(#"{"a": "b"}"#, to: "vocab.json")
    #expect(problem().contains("should be of type Int"))
    try folder.write(#"{"a": 0}"#, to: "vocab.json")
    #expect(problem().contains("the vocabulary has no '<|startoftext|>'"))
    try folder.write(#"{"a": -1}"#, to: "vocab.json")
    #expect(problem().contains("the token 'a' has number -1"))
  }

  @Test("Errors of merges name the file, the line and what would be right")
  func mergeFailures() throws {
    try folder.write(
      #"{"a": 0, "b": 1, "<|startoftext|>": 2, "<|endoftext|>": 3}"#, to: "vocab.json")
    try folder.write("#version: 0.2\na b\n", to: "merges.txt")
    #expect(
      problem().contains("merges.txt:2: the merge of 'a' and 'b' needs 'ab' in the vocabulary"))
    try folder.write("#version: 0.2\n\na b c\n", to: "merges.txt")
    #expect(problem().contains("merges.txt:3: should have two symbols and a blank between them"))
    try folder.write([0x61, 0xff], to: "merges.txt")
    #expect(problem().contains("merges.txt: can't be read: it is no text in UTF-8"))
  }

  @Test("Errors of a tokenizer.json name the file and what would be right")
  func documentFailures() throws {
    try writeDocument(pairs: true, suffix: "")
    #expect(problem().contains("tokenizer.json: not CLIP's tokenizer: end_of_word_suffix is ''"))
    let model = #"{"model": {"vocab": {"a": 0}, "merges": ["a"], "end_of_word_suffix": "</w>"}}"#
    try folder.write(model, to: "tokenizer.json")
    #expect(problem().contains("a merge should have two symbols"))
    try folder.write(model.replacing(#""a"]"#, with: #""a z"]"#), to: "tokenizer.json")
    #expect(problem().contains("needs 'z' in the vocabulary"))
    try folder.write("{}", to: "tokenizer.json")
    #expect(problem().contains("tokenizer.json: not CLIP's tokenizer"))
  }
}
