/// Suggestions for misspelt names.
public enum Spelling {
  /// The candidate that takes the fewest edits to reach from `name`, if that is few enough for a
  /// slip of the pen: a third of the name's length, at least one edit, at most three.
  public static func nearest(to name: String, in candidates: [String]) -> String? {
    let limit = min(3, max(1, name.count / 3))
    let word = normalized(name)
    return
      candidates
      .map { (candidate: $0, edits: edits(from: word, to: normalized($0))) }
      .filter { $0.edits <= limit }
      .min { $0.edits < $1.edits }?.candidate
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours that turn one text
  /// into the other (optimal string alignment).
  static func edits(from first: [Character], to second: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for i in first.indices {
      var row = [i + 1]
      for j in second.indices {
        let replaced = last[j] + (first[i] == second[j] ? 0 : 1)
        var best = min(replaced, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[second.count]
  }

  private static func normalized(_ name: String) -> [Character] {
    name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
  }
}
