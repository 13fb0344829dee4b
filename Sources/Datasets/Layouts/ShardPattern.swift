/// A pattern of file names: `{000..011}` and `{a,b}` stand for each of their texts, `*` and `?` in
/// the file's name for what there is.
enum ShardPattern {
  /// More files than that are a slip.
  private static let limit = 100_000

  static func isPattern(_ path: String) -> Bool {
    !DataFolder.exists(path) && path.contains { "{*?".contains($0) }
  }

  /// The files in the order of the pattern; those that `*` stands for by name.
  ///
  /// - Throws: for a pattern that stands for nothing.
  static func files(_ pattern: String) throws(DatasetError) -> [String] {
    var files: [String] = []
    for text in try expanded(pattern) {
      guard text.contains(where: { "*?".contains($0) }) else {
        files.append(text)
        continue
      }
      let slash = text.lastIndex(of: "/")
      let folder = slash.map { String(text[..<$0]) } ?? "."
      let name = slash.map { String(text[text.index(after: $0)...]) } ?? text
      let prefix = slash.map { String(text[...$0]) } ?? ""
      files += DataFolder(folder).names.filter { matches(Array($0.utf8), Array(name.utf8)) }
        .map { prefix + $0 }
    }
    guard !files.isEmpty else {
      throw .noSamples(path: pattern, expected: "files that the pattern stands for")
    }
    return files
  }

  /// The texts that braces stand for, one after another.
  static func expanded(_ pattern: String) throws(DatasetError) -> [String] {
    var done: [String] = [""]
    var rest = pattern[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw .malformed(path: pattern, place: "", problem: "a brace is not closed")
      }
      let choices = try choices(String(rest[rest.index(after: open)..<close]), pattern)
      guard done.count <= limit / choices.count else {
        throw .malformed(path: pattern, place: "", problem: "stands for more than \(limit) files")
      }
      let before = rest[..<open]
      done = done.flatMap { start in choices.map { start + before + $0 } }
      rest = rest[rest.index(after: close)...]
    }
    return done.map { $0 + rest }
  }

  private static func choices(_ inside: String, _ pattern: String) throws(DatasetError) -> [String]
  {
    guard let dots = inside.firstRange(of: "..") else {
      return inside.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let (first, last) = (String(inside[..<dots.lowerBound]), String(inside[dots.upperBound...]))
    guard let low = Int(first), let high = Int(last), low >= 0, low <= high, high - low < limit
    else {
      throw .malformed(
        path: pattern, place: "'{\(inside)}'",
        problem: "is no range of numbers; {000..011} or {a,b} is expected, up to \(limit) files")
    }
    return (low...high).map { number in
      let text = String(number)
      return String(repeating: "0", count: max(0, first.count - text.count)) + text
    }
  }

  /// Whether a name is one that `pattern` with `*` and `?` stands for.
  static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    var (position, place) = (0, 0)
    // Where the last `*` stands, and up to where it takes the name.
    var star: (place: Int, position: Int)?
    while position < name.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, position)
        place += 1
      } else if place < pattern.count,
        pattern[place] == UInt8(ascii: "?") || pattern[place] == name[position]
      {
        position += 1
        place += 1
      } else if let last = star {
        star = (last.place, last.position + 1)
        (place, position) = (last.place + 1, last.position + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
