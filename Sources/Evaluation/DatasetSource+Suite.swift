internal import Configuration
internal import Datasets

extension DatasetSource {
  /// What a task of a suite says about its images: `images`, `layout`, `split`, `class_names` and
  /// `classes`.
  init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    self.init(Path.resolve(try reader.string("images"), from: reader.file))
    if reader.has("layout") { layout = try reader.choice("layout", of: DatasetLayout.self) }
    if reader.has("split") { split = try reader.choice("split", of: DatasetSplit.self) }
    if reader.has("class_names") {
      let names = try reader.strings("class_names")
      classNames = names == ["head"] ? .head : .list(try reader.distinct(names, "class_names"))
    }
    if reader.has("classes") {
      classes = try reader.distinct(try reader.strings("classes"), "classes")
    }
  }
}

extension ParameterReader {
  fileprivate func distinct(
    _ names: [String], _ key: String
  ) throws(ConfigurationError) -> [String] {
    guard !names.isEmpty, Set(names).count == names.count else {
      throw invalid(key, "is empty or has a name twice", remedy: "name each class once")
    }
    return names
  }
}
