internal import Configuration
internal import Datasets
internal import Merging
internal import VisionModels

/// A suite's file as far as it can be read.
struct SuiteReading {
  /// With the tasks that could be read; nil without a name or a base model.
  let suite: TaskSuite?
  /// The names of all tasks, also of those that can't be used.
  let taskNames: [String]

  /// - Parameter problems: gets all that is wrong.
  init(_ document: YAMLDocument, _ problems: inout ConfigurationProblems) {
    guard var reader = problems.value(try document.reader()) else {
      (suite, taskNames) = (nil, [])
      return
    }
    let name = problems.value(try reader.name("name"))
    let base = problems.value(try reader.string("base")).map {
      Path.resolve($0, from: document.file)
    }
    let backbone = reader.has("backbone") ? problems.value(try reader.string("backbone")) : nil
    let mean = problems.value(try reader.channels("mean", in: -10...10)) ?? nil
    let deviation = problems.value(try reader.channels("standard_deviation", in: 1e-3...10)) ?? nil
    var loading = LoadingOptions()
    loading.interpolatesPositions = problems.value(
      try reader.bool("interpolate_positions", default: false), default: false)
    if reader.has("hidden_act") {
      loading.activation = problems.value(try reader.choice("hidden_act", of: Activation.self))
    }
    let precision = problems.value(
      try reader.choice("task_vectors", of: TaskVectorBank.Precision.self, default: .float32),
      default: .float32)
    var places = [SuitePlace(.base): reader.place(of: "base")]
    var tasks: [TaskFiles] = []
    var names: [String] = []
    let earlier = problems.all.count
    for var item in reader.readers("tasks", &problems) {
      guard let name = problems.value(try item.name("name")) else {
        // Its other keys would be refused as unknown.
        continue
      }
      guard !names.contains(name) else {
        problems.add(
          item.invalid("name", "task '\(name)' stands twice", remedy: "name each once"))
        continue
      }
      names.append(name)
      guard let task = problems.value(try TaskFiles(name, &item)) else { continue }
      tasks.append(task)
      for part in [SuitePart.images, .expert, .head] {
        let key = part == .images && item.has("manifest") ? "manifest" : part.rawValue
        places[SuitePlace(part, of: name)] = item.place(of: key)
      }
    }
    if names.isEmpty, problems.all.count == earlier {
      problems.add(reader.invalid("tasks", "has no task", remedy: "list at least one"))
    }
    problems.check { () throws(ConfigurationError) in try reader.finish() }
    taskNames = names
    guard let name, let base else {
      suite = nil
      return
    }
    var suite = TaskSuite(
      file: document.file, name: name, backbone: backbone, base: base, tasks: tasks, mean: mean,
      standardDeviation: deviation, loading: loading, taskVectors: precision)
    suite.places = places
    self.suite = suite
  }
}

extension TaskFiles {
  /// - Throws: all that is wrong with the task at once.
  fileprivate init(_ name: String, _ reader: inout ParameterReader) throws(ConfigurationError) {
    var problems = ConfigurationProblems()
    let file = reader.file
    func path(_ text: String) -> String { Path.resolve(text, from: file) }
    var images = Images.dataset(DatasetSource(path("images/\(name)/test")))
    switch (reader.has("images"), reader.has("manifest")) {
    case (true, false):
      if let source = problems.value(try DatasetSource(&reader)) { images = .dataset(source) }
    case (false, true):
      if let manifest = problems.value(try reader.string("manifest")) {
        images = .manifest(path(manifest))
      }
    case (false, false): break
    case (true, true):
      problems.add(
        reader.invalid("manifest", "stands beside 'images'", remedy: "give one of the two"))
    }
    let (expert, head) = ("models/experts/\(name)", "heads/\(name).safetensors")
    self.init(
      name: name, images: images,
      expert: path(problems.value(try reader.string("expert", default: expert), default: expert)),
      head: path(problems.value(try reader.string("head", default: head), default: head)))
    problems.check { () throws(ConfigurationError) in try reader.finish() }
    if let error = problems.error { throw error }
  }
}

enum Path {
  /// `path` as it is if absolute, else below the folder of `file`.
  static func resolve(_ path: String, from file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}

extension ParameterReader {
  /// A name that is safe in file names, tables and spreadsheets: letters, digits, `.`, `_`, `-`,
  /// `+`, a letter or digit first.
  mutating func name(_ key: String) throws(ConfigurationError) -> String {
    let name = try string(key)
    try check(name: name, key: key)
    return name
  }

  func check(name: String, key: String) throws(ConfigurationError) {
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
          || "._-+".unicodeScalars.contains($0))
    }
    guard isPlain, let first = name.first, first.isLetter || first.isNumber else {
      throw invalid(
        key, "'\(name)' is not a plain name",
        remedy: "use letters, digits, '.', '_', '-' and '+', a letter or digit first")
    }
  }

  fileprivate mutating func channels(
    _ key: String, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> [Float]? {
    has(key) ? try doubles(key, in: range, count: 3).map { Float($0) } : nil
  }
}
