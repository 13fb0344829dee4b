/// The tokenizer of CLIP: byte-level byte-pair encoding of lower-case words, with the tokens of
/// Hugging Face's `CLIPTokenizer` (transformers 5) for every text.
public struct CLIPTokenizer: Sendable {
  static let startName = "<|startoftext|>"
  static let endName = "<|endoftext|>"

  /// The token that every text begins with.
  public let startToken: Int
  /// The token that every text ends with; it pads texts, too.
  public let endToken: Int
  /// One more than the largest token.
  public let vocabularySize: Int
  private let encoding: BytePairEncoding
  /// Names that are tokens by themselves wherever a text has them.
  private let special: [(name: [UInt8], token: Int)]

  /// Reads the tokenizer in the folder `directory`: `vocab.json` and `merges.txt`, or
  /// `tokenizer.json` where they are not.
  ///
  /// - Throws: `TextModelError.noTokenizer`, `.unreadable`, `.invalidTokenizer`, `.invalidMerge`.
  public init(directory: String) throws(TextModelError) {
    let files = try TokenizerFiles(directory: directory)
    startToken = try files.token(Self.startName)
    endToken = try files.token(Self.endName)
    vocabularySize = 1 + (files.vocabulary.values.max() ?? 0)
    encoding = BytePairEncoding(
      vocabulary: files.vocabulary, merges: files.merges, unknown: endToken)
    special = [(Array(Self.startName.utf8), startToken), (Array(Self.endName.utf8), endToken)]
  }

  /// The tokens of `text` between a start and an end token; of a text that is too long, the first
  /// ones and the end token.
  ///
  /// - Parameters:
  ///   - maximumCount: the most tokens, start and end included; at least 2.
  ///   - padded: whether end tokens fill up the rest of `maximumCount`.
  public func encode(_ text: String, maximumCount: Int = 77, padded: Bool = false) -> [Int] {
    precondition(maximumCount >= 2, "room for start and end")
    var tokens = [startToken] + self.tokens(of: text).prefix(maximumCount - 2) + [endToken]
    if padded { tokens += repeatElement(endToken, count: maximumCount - tokens.count) }
    return tokens
  }

  /// The tokens of `text` itself, however many.
  public func tokens(of text: String) -> [Int] {
    var tokens: [Int] = []
    var plain: [UInt8] = []
    func flush() {
      for word in WordSplitter.words(of: String(decoding: plain, as: UTF8.self)) {
        tokens += encoding.symbols(of: word)
      }
      plain = []
    }
    let bytes = Array(text.utf8)
    var position = 0
    while position < bytes.count {
      // Both names begin alike, and are taken as they are written only.
      if bytes[position] == UInt8(ascii: "<"),
        let (name, token) = special.first(where: { bytes[position...].starts(with: $0.name) })
      {
        flush()
        tokens.append(token)
        position += name.count
      } else {
        plain.append(bytes[position])
        position += 1
      }
    }
    flush()
    return tokens
  }
}
