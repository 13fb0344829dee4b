import Foundation
import Testing
import TextModels

@Suite("CLIP's tokenizer")
struct CLIPTokenizerTests {
  private let tokenizer: CLIPTokenizer

  init() throws {
    tokenizer = try CLIPTokenizer(directory: GoldenFiles.path("tiny"))
  }

  @Test("The tokens of 400 texts equal transformers'")
  func goldens() throws {
    let goldens = try GoldenFiles.tokens(GoldenFiles.path("tokens.jsonl"))
    #expect(goldens.count == 400)
    for golden in goldens {
      #expect(tokenizer.encode(golden.text) == golden.tokens, "\(golden.text.debugDescription)")
    }
  }

  @Test("A text is cut to the most tokens, its end token stays")
  func truncation() {
    let whole = tokenizer.tokens(of: "red road forest")
    let cut = tokenizer.encode("red road forest", maximumCount: 4)
    #expect(whole.count > 2)
    #expect(cut == [tokenizer.startToken] + whole.prefix(2) + [tokenizer.endToken])
    #expect(
      tokenizer.encode("red", maximumCount: 2) == [tokenizer.startToken, tokenizer.endToken])
  }

  @Test("Padding is end tokens up to the most")
  func padding() {
    let plain = tokenizer.encode("a")
    let padded = tokenizer.encode("a", padded: true)
    #expect(padded.count == 77)
    #expect(Array(padded.prefix(plain.count)) == plain)
    #expect(padded.dropFirst(plain.count).allSatisfy { $0 == tokenizer.endToken })
  }

  @Test("Case, white space and composition do not matter; order does")
  func normalization() {
    #expect(tokenizer.tokens(of: " A \t photo\u{a0}of ") == tokenizer.tokens(of: "a photo of"))
    #expect(tokenizer.tokens(of: "CAFE\u{301}") == tokenizer.tokens(of: "caf\u{e9}"))
    #expect(tokenizer.tokens(of: "b a") != tokenizer.tokens(of: "a b"))
    #expect(tokenizer.tokens(of: "") == [])
  }

  @Test("A word of a hundred thousand characters takes no quadratic time")
  func longWord() {
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(tokenizer.tokens(of: String(repeating: "ab", count: 50_000)).count > 1000)
    }
    #expect(time < .seconds(20))
  }

  /// OpenAI's vocabulary is too large to lie here; `make_tokenizer_goldens.py --full` makes the
  /// folder.
  @Test(
    "With OpenAI's vocabulary the tokens of 5,000 texts and of every character equal transformers'",
    .enabled(if: Self.fullFolder != nil, "MERGESHIFT_CLIP_TOKENIZER names no folder"),
    arguments: ["tokens.jsonl", "characters.jsonl"])
  func full(file: String) throws {
    let folder = try #require(Self.fullFolder)
    let tokenizer = try CLIPTokenizer(directory: folder)
    #expect(tokenizer.vocabularySize == 49408)
    let goldens = try GoldenFiles.tokens("\(folder)/\(file)")
    let limit = file == "tokens.jsonl" ? 77 : 100_000
    let different = goldens.filter {
      tokenizer.encode($0.text, maximumCount: limit) != $0.tokens
    }
    print("\(file): \(goldens.count - different.count) of \(goldens.count) equal")
    for golden in different.prefix(20) { Issue.record("\(golden.text.debugDescription)") }
  }

  private static let fullFolder =
    ProcessInfo.processInfo.environment["MERGESHIFT_CLIP_TOKENIZER"].flatMap {
      $0.isEmpty ? nil : $0
    }
}
