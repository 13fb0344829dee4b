internal import Foundation

/// Splits a text into the words that byte-pair encoding works on, as the `CLIPTokenizer` of
/// transformers does: composed characters (NFC), lower case, and then by its pattern
/// `<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`.
/// White space separates and is dropped, so its clean-up needs no step of its own.
enum WordSplitter {
  /// The words of `text`, as UTF-8.
  static func words(of text: String) -> [[UInt8]] {
    let scalars = normalized(text)
    var words: [[UInt8]] = []
    func append(_ range: Range<Int>) {
      words.append(scalars[range].flatMap { Array(UTF8.encode($0)!) })
    }
    var position = 0
    while position < scalars.count {
      let rest = scalars[position...]
      let kind = Kind(rest.first!)
      var end = position + 1
      if kind == .other, let length = contraction(rest) {
        end += length - 1
        append(position..<end)
      } else if kind == .other, let parts = specialName(rest) {
        for length in parts {
          append(end - 1..<end - 1 + length)
          end += length
        }
        end -= 1
      } else if kind != .space {
        if kind != .number {
          end = rest.dropFirst().firstIndex { Kind($0) != kind } ?? scalars.count
        }
        append(position..<end)
      }
      position = end
    }
    return words
  }

  /// NFC, then each character's own lower case, whatever stands around it.
  private static func normalized(_ text: String) -> [Unicode.Scalar] {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    let composed = isASCII ? text : text.precomposedStringWithCanonicalMapping
    return composed.unicodeScalars.flatMap { scalar in
      scalar.properties.changesWhenLowercased
        ? Array(scalar.properties.lowercaseMapping.unicodeScalars) : [scalar]
    }
  }

  private enum Kind {
    case space, letter, number, other

    init(_ scalar: Unicode.Scalar) {
      let properties = scalar.properties
      switch properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        self = Self.isKnown(properties) ? .letter : .other
      case .decimalNumber, .letterNumber, .otherNumber:
        self = Self.isKnown(properties) ? .number : .other
      default: self = properties.isWhitespace ? .space : .other
      }
    }

    /// Whether the pattern's engine (Oniguruma, of Unicode 16) has the character; Swift's newer
    /// letters and numbers are unassigned there.
    private static func isKnown(_ properties: Unicode.Scalar.Properties) -> Bool {
      properties.age.map { $0.major <= 16 } ?? true
    }
  }

  private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map {
    Array($0.unicodeScalars)
  }

  /// The length of the contraction that `rest` begins with.
  private static func contraction(_ rest: ArraySlice<Unicode.Scalar>) -> Int? {
    guard rest.first == "'" else { return nil }
    return contractions.first { rest.starts(with: $0) }?.count
  }

  /// If `rest` begins with a special token's name, the lengths of the words that it falls into: once
  /// a text is split, byte-level encoding splits each part by a pattern that knows no such names.
  private static func specialName(_ rest: ArraySlice<Unicode.Scalar>) -> [Int]? {
    guard rest.first == "<" else { return nil }
    return [CLIPTokenizer.startName, CLIPTokenizer.endName]
      .first { rest.starts(with: $0.unicodeScalars) }
      .map { [2, $0.unicodeScalars.count - 4, 2] }
  }
}
