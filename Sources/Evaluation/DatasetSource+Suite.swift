internal import Configuration
internal import Datasets

extension DatasetSource {
  /// What a task of a suite says about its images: `images`, `layout`, `split`, `class_names` and
  /// `classes`.
  ///
  /// - Throws: all that is wrong with them at once.
  init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    var problems = ConfigurationProblems()
    let path = problems.value(try reader.string("images"), default: "")
    self.init(Path.resolve(path, from: reader.file))
    if reader.has("layout") {
      layout = problems.value(try reader.choice("layout", of: DatasetLayout.self))
    }
    if reader.has("split") {
      split = problems.value(try reader.choice("split", of: DatasetSplit.self))
    }
    if reader.has("class_names"), let names = problems.value(try reader.distinct("class_names")) {
      classNames = names == ["head"] ? .head : .list(names)
    }
    if reader.has("classes") { classes = problems.value(try reader.distinct("classes")) }
    if let error = problems.error { throw error }
  }
}

extension ParameterReader {
  /// Names, at least one, each once.
  fileprivate mutating func distinct(_ key: String) throws(ConfigurationError) -> [String] {
    let names = try strings(key)
    guard !names.isEmpty, Set(names).count == names.count else {
      throw invalid(key, "is empty or has a name twice", remedy: "name each class once")
    }
    return names
  }
}
