/// How much room text takes, so that labels can be laid out without a font at hand.
///
/// Widths are DejaVu Sans', one of the widest of the usual sans-serif fonts: text in another font
/// takes less.
package enum TextMetrics {
  /// The width of one line of `text` at `size` pixels.
  package static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    let units = text.unicodeScalars.reduce(0) { $0 + advance($1) }
    return units * size * (isBold ? 1.1 : 1)
  }

  /// Of a character, in units of the font's size.
  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "l", "j", "'": 0.28
    case " ", ".", ",", ":", ";", "|": 0.33
    case "-", "(", ")", "[", "]", "f", "t", "r", "/", "!": 0.40
    case "0"..."9", "_", "s", "c", "z": 0.63
    case "m", "M", "W", "%", "@", "…": 0.98
    case "w", "+", "=", "±", "−", "<", ">", "×": 0.84
    case "A"..."Z": 0.72
    default: scalar.value < 0x250 ? 0.63 : 1.05
    }
  }

  /// `text` itself if it fits `width`, else its beginning with an ellipsis.
  package static func shortened(_ text: String, to width: Double, size: Double) -> String {
    guard self.width(text, size: size) > width else { return text }
    var kept = Substring(text)
    while !kept.isEmpty, self.width("\(kept)…", size: size) > width { kept.removeLast() }
    return "\(kept)…"
  }

  /// `text` on at most `lines` lines, broken after spaces, hyphens and slashes; what still does not
  /// fit `width` is shortened.
  package static func wrapped(_ text: String, to width: Double, size: Double, lines limit: Int)
    -> [String]
  {
    var words: [String] = [""]
    for character in text {
      words[words.count - 1].append(character)
      if [" ", "-", "/", "_"].contains(character) { words.append("") }
    }
    var lines: [String] = []
    for word in words where !word.isEmpty {
      if let last = lines.last, self.width(last + word.trimmed, size: size) <= width {
        lines[lines.count - 1] += word
      } else {
        lines.append(word)
      }
    }
    if lines.count > limit {
      lines = Array(lines.prefix(limit - 1)) + [lines[(limit - 1)...].joined()]
    }
    return lines.map { shortened($0.trimmed, to: width, size: size) }
  }
}

extension String {
  /// Without spaces at its ends.
  package var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
