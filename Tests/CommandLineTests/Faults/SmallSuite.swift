import Foundation

/// The embedded suite's models on a few images: a run of it takes parts of a second.
enum SmallSuite {
  private static let fixtures = Tool.checkout.appending(path: "fixtures").path(
    percentEncoded: false)

  /// Writes `suite.yaml` of two tasks with an image for each class.
  static func write(to tool: Tool) throws {
    var suite = "name: small\nbase: \(fixtures)/models/base\ntasks:\n"
    for task in ["digits", "traffic-signs"] {
      let images = "\(fixtures)/images/\(task)/test"
      var list = "path,label\n"
      for label in try FileManager.default.contentsOfDirectory(atPath: images).sorted() {
        let first = try FileManager.default.contentsOfDirectory(atPath: "\(images)/\(label)").min()!
        list += "\(images)/\(label)/\(first),\(label)\n"
      }
      try Data(list.utf8).write(to: URL(filePath: tool.path("\(task).csv")))
      suite += """
          - name: \(task)
            manifest: \(task).csv
            expert: \(fixtures)/models/experts/\(task)
            head: \(fixtures)/heads/\(task).safetensors

        """
    }
    try Data(suite.utf8).write(to: URL(filePath: tool.path("suite.yaml")))
  }

  /// Writes `plan.yaml` of the suite beside it.
  ///
  /// - Parameter methods: as a list in YAML.
  static func write(_ methods: String, steps: Int = 2, seeds: Int = 1, to tool: Tool) throws {
    try write(to: tool)
    let plan = """
      name: small
      suite: suite.yaml
      steps: \(steps)
      batches_per_step: 1
      batch_size: 4
      methods: \(methods)
      seeds: [\((0..<seeds).map { "\($0)" }.joined(separator: ", "))]
      experiments:
        - {name: small, corruptions: [contrast], severity: 3}

      """
    try Data(plan.utf8).write(to: URL(filePath: tool.path("plan.yaml")))
  }
}

/// The tables of a run, without what the machine makes of them.
struct RunTables: Equatable {
  let files: [String: String]

  private static let machineColumns: Set<String> = [
    "seconds", "seconds_per_step", "adaptation_seconds", "peak_memory_bytes", "threads", "blas",
    "cpu_path",
  ]

  init(_ tool: Tool, _ folder: String) throws {
    var files: [String: String] = [:]
    let names = [
      "results", "comparisons", "reliability", "steps", "coefficients", "predictions",
    ]
    for name in names where tool.exists("\(folder)/\(name).csv") {
      let text = try String(contentsOfFile: tool.path("\(folder)/\(name).csv"), encoding: .utf8)
      files[name] = name == "results" ? Self.withoutMachine(text) : text
    }
    self.files = files
  }

  /// The keys of the cells and their tasks, one for each row.
  var rows: [String] {
    let lines = (files["results"] ?? "").split(separator: "\n")
    guard let header = lines.first?.split(separator: "|", omittingEmptySubsequences: false),
      let cell = header.firstIndex(of: "cell"), let task = header.firstIndex(of: "task")
    else { return [] }
    return lines.dropFirst().map { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false)
      return "\(fields[cell]) \(fields[task])"
    }
  }

  private static func withoutMachine(_ text: String) -> String {
    let lines = text.split(separator: "\r\n").map(fields)
    let kept = lines[0].indices.filter { !machineColumns.contains(lines[0][$0]) }
    return lines.map { line in kept.map { line[$0] }.joined(separator: "|") }
      .joined(separator: "\n")
  }

  /// The fields of a line without line breaks in them.
  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}

extension Tool {
  /// What lies below `folder`: names and contents of files.
  func files(_ folder: String) throws -> [String: Data] {
    guard let paths = FileManager.default.enumerator(atPath: path(folder)) else { return [:] }
    var files: [String: Data] = [:]
    for case let name as String in paths {
      guard let data = try? Data(contentsOf: URL(filePath: path("\(folder)/\(name)"))) else {
        continue
      }
      files[name] = data
    }
    return files
  }
}
