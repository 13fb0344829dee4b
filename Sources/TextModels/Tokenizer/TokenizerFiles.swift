internal import Foundation
internal import Inputs
internal import VisionModels

/// A tokenizer's vocabulary and merges as they lie in a folder.
struct TokenizerFiles: Sendable {
  /// The file that has the vocabulary, for error messages.
  let path: String
  let vocabulary: [String: Int]
  /// By the numbers of the vocabulary, the first to be joined first.
  let merges: [(left: Int, right: Int, product: Int)]

  /// Reads `vocab.json` and `merges.txt`, or else `tokenizer.json`.
  init(directory: String) throws(TextModelError) {
    func path(_ file: String) -> String {
      URL(filePath: directory).appending(path: file).path(percentEncoded: false)
    }
    let (vocabularyPath, mergesPath) = (path("vocab.json"), path("merges.txt"))
    let exists = FileManager.default.fileExists(atPath:)
    if exists(vocabularyPath) && exists(mergesPath) {
      let vocabulary: [String: Int] = try Self.decode(vocabularyPath)
      try self.init(
        path: vocabularyPath, vocabulary: vocabulary, merges: Self.lines(mergesPath),
        mergesPath: mergesPath)
    } else if exists(path("tokenizer.json")) {
      let path = path("tokenizer.json")
      let document: Document = try Self.decode(path)
      let suffix = document.model.endOfWordSuffix ?? ""
      guard suffix == BytePairEncoding.wordEnd else {
        throw .invalidTokenizer(
          path: path,
          problem: "end_of_word_suffix is '\(suffix)', should be '\(BytePairEncoding.wordEnd)'")
      }
      try self.init(
        path: path, vocabulary: document.model.vocab,
        merges: document.model.merges.map { ($0.left, $0.right, nil) }, mergesPath: path)
    } else {
      throw .noTokenizer(directory: directory)
    }
  }

  private init(
    path: String, vocabulary: [String: Int], merges: [(String, String, line: Int?)],
    mergesPath: String
  ) throws(TextModelError) {
    self.path = path
    self.vocabulary = vocabulary
    if let (name, token) = vocabulary.first(where: { !(0...Int(Int32.max)).contains($0.value) }) {
      throw .invalidTokenizer(path: path, problem: "the token '\(name)' has number \(token)")
    }
    var pairs: [(left: Int, right: Int, product: Int)] = []
    pairs.reserveCapacity(merges.count)
    for (left, right, line) in merges {
      guard let leftToken = vocabulary[left], let rightToken = vocabulary[right],
        let product = vocabulary[left + right]
      else {
        let unknown = [left, right, left + right].first { vocabulary[$0] == nil }!
        let problem = "the merge of '\(left)' and '\(right)' needs '\(unknown)' in the vocabulary"
        if let line { throw .invalidMerge(path: mergesPath, line: line, problem: problem) }
        throw .invalidTokenizer(path: mergesPath, problem: problem)
      }
      pairs.append((leftToken, rightToken, product))
    }
    self.merges = pairs
  }

  /// The number of a token that must be there.
  func token(_ name: String) throws(TextModelError) -> Int {
    guard let token = vocabulary[name] else {
      throw .invalidTokenizer(path: path, problem: "the vocabulary has no '\(name)'")
    }
    return token
  }

  private static func decode<Value: Decodable>(_ path: String) throws(TextModelError) -> Value {
    do {
      let decoder = JSONDecoder()
      return try decoder.decode(Value.self, from: Data(InputFile.bytes(path, limit: .textBytes)))
    } catch let error as DecodingError {
      let place = error.snakeCaseKey
      throw .invalidTokenizer(path: path, problem: "\(place) \(error.configurationProblem)")
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  /// The merges of a `merges.txt`: a line of version, then two symbols a line.
  private static func lines(
    _ path: String
  ) throws(TextModelError) -> [(String, String, line: Int?)] {
    let text: String
    do {
      text = try InputFile.text(path, limit: .textBytes)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    var merges: [(String, String, line: Int?)] = []
    // By scalars: Swift takes a line break of Windows for one character.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let line = line.last == "\r" ? line.dropLast() : line
      if line.isEmpty || index == 0 && line.starts(with: "#version".unicodeScalars) { continue }
      let parts = line.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
      guard parts.count == 2, !parts.contains("") else {
        throw .invalidMerge(
          path: path, line: index + 1, problem: "should have two symbols and a blank between them")
      }
      merges.append((parts[0], parts[1], line: index + 1))
    }
    return merges
  }
}

/// The parts of a `tokenizer.json` that make the vocabulary.
private struct Document: Decodable {
  var model: Model

  struct Model: Decodable {
    var vocab: [String: Int]
    var merges: [Merge]
    var endOfWordSuffix: String?

    enum CodingKeys: String, CodingKey {
      case vocab, merges
      case endOfWordSuffix = "end_of_word_suffix"
    }
  }

  /// Written as `["a", "b"]`, or as `"a b"` by older versions.
  struct Merge: Decodable {
    var left: String
    var right: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let parts =
        try (try? container.decode([String].self))
        ?? container.decode(String.self).split(separator: " ").map { String($0) }
      guard parts.count == 2 else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "a merge should have two symbols")
      }
      (left, right) = (parts[0], parts[1])
    }
  }
}
