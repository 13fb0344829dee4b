/// Command lines as a POSIX shell reads them back.
enum ShellCommand {
  /// The one that this process was started with.
  static var own: String { text(CommandLine.arguments) }

  static func text(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// One word, in single quotes unless all its characters mean themselves.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy {
      $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "_-./=:,+@%".unicodeScalars.contains($0)
    }
    if isPlain, !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}
