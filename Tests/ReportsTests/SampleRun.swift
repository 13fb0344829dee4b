import Foundation

/// A run folder as `mergeshift bench` leaves one, with figures that are made up but hang together:
/// every experiment that a report has a figure for.
struct SampleRun {
  static let resultColumns = [
    "method", "backbone", "task", "seen", "corruption", "severity", "protocol", "seed", "samples",
    "accuracy", "mean_entropy_nats", "seconds", "experiment", "method_options", "is_grid_point",
    "adaptation", "profile", "adapt_stream", "evaluate_stream", "boundary", "accuracy_low",
    "accuracy_high", "error", "nll_nats", "ece", "brier", "largest_class_share",
    "mean_prediction_entropy_nats", "entropy_loss_spearman", "clamped_share", "steps",
    "seconds_per_step", "adaptation_seconds", "peak_memory_bytes", "status", "reason", "cell",
    "code_version", "recipe_hash", "weights_hash", "data_hash", "threads", "blas", "cpu_path",
    "schema_version",
  ]

  /// A method with the gain of its accuracy over task arithmetic.
  struct Method {
    let name: String
    var options = ""
    var isGridPoint = false
    let gain: Double

    var adapts: Bool { name.hasPrefix("adamerging") }
  }

  static let methods = [
    Method(name: "pretrained", gain: -0.16), Method(name: "individual", gain: 0.15),
    Method(name: "task-arithmetic", gain: 0),
    Method(name: "task-arithmetic", options: "lambda=0.4", isGridPoint: true, gain: 0.02),
    Method(name: "ties", gain: 0.01),
    Method(name: "adamerging-taskwise", gain: 0.02),
    Method(name: "adamerging-layerwise", gain: 0.07),
  ]

  private(set) var results: [[String: String]] = []
  private var comparisons: [[String]] = []
  private var reliability: [[String]] = []
  private var steps: [[String]] = []
  private var coefficients: [[String]] = []
  var tasks = ["cars", "eurosat", "house-numbers"]
  /// Names of tensors.
  var layers = SampleRun.layers(blocks: 4)

  static func layers(blocks: Int) -> [String] {
    let parts = [
      "layer_norm1.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight",
      "self_attn.v_proj.weight", "self_attn.out_proj.weight", "layer_norm2.weight",
      "mlp.fc1.weight", "mlp.fc2.weight",
    ]
    return ["vision_model.embeddings.patch_embedding.weight", "vision_model.pre_layrnorm.weight"]
      + (0..<blocks).flatMap { block in
        parts.map { "vision_model.encoder.layers.\(block).\($0)" }
      } + ["vision_model.post_layernorm.weight", "visual_projection.weight"]
  }

  /// A number from 0 to 1 that depends on nothing but `words`.
  static func noise(_ words: String...) -> Double {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in words.joined(separator: "|").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    hash ^= hash >> 29
    hash = hash &* 0xbf58_476d_1ce4_e5b9
    hash ^= hash >> 32
    return Double(hash >> 11) / Double(1 << 53)
  }

  private func accuracy(
    _ method: Method, _ task: String, _ corruption: String, _ severity: Int, _ bonus: Double,
    _ seed: Int
  ) -> Double {
    let base = 0.86 - 0.12 * Self.noise("task", task)
    let harm = Double(severity) * (0.05 + 0.06 * Self.noise("harm", corruption))
    let jitter =
      0.03
      * (Self.noise(method.name + method.options, task, corruption, "\(severity)", "\(seed)") - 0.5)
    let collapse = isCollapsed(method, task, corruption, severity) ? 0.3 : 0
    let share = min(max(base - harm + method.gain + bonus + jitter - collapse, 0.04), 0.99)
    // Whole images of 160.
    return (share * 160).rounded() / 160
  }

  private func isCollapsed(
    _ method: Method, _ task: String, _ corruption: String, _ severity: Int
  ) -> Bool {
    method.name == "adamerging-layerwise" && tasks.count > 1 && task == tasks[1]
      && corruption == "gaussian_noise"
      && severity >= 3
  }

  /// Adds one cell with a row for each of `tasks`.
  mutating func addCell(
    _ experiment: String, _ protocolName: String, _ method: Method, corruption: String,
    severity: Int, adapt: String, evaluate: String, boundary: Int? = nil, seed: Int,
    bonus: Double = 0, unseen: Set<String> = [], backbone: String = "vit-mini", stepCount: Int = 40,
    isOnline: Bool = false
  ) {
    let key = [
      experiment, method.name, method.options, adapt, evaluate, "\(boundary ?? 0)", "\(seed)",
    ]
    .joined(separator: "/")
    let cell = String(UInt64(Self.noise(key) * 0x1p52), radix: 16) + "c0ffee"
    for task in tasks {
      let accuracy = accuracy(method, task, corruption, severity, bonus, seed)
      let entropy = 0.3 + 1.6 * (1 - accuracy) * (method.adapts ? 0.6 : 1)
      let collapsed = isCollapsed(method, task, corruption, severity)
      let share = collapsed ? 0.71 : 0.14 + 0.2 * (1 - accuracy)
      let values: [String: String] = [
        "method": method.name, "backbone": backbone, "task": task,
        "seen": "\(!unseen.contains(task))", "corruption": corruption, "severity": "\(severity)",
        "protocol": protocolName, "seed": "\(seed)", "samples": "160", "accuracy": "\(accuracy)",
        "mean_entropy_nats": "\(entropy)", "seconds": "1.25", "experiment": experiment,
        "method_options": method.options, "is_grid_point": "\(method.isGridPoint)",
        "adaptation": method.adapts ? "paper(steps=\(stepCount))" : "none",
        "profile": "imagenet-c", "adapt_stream": method.adapts ? adapt : "none",
        "evaluate_stream": evaluate, "boundary": boundary.map { "\($0)" } ?? "",
        "accuracy_low": "\(max(accuracy - 0.06, 0))",
        "accuracy_high": "\(min(accuracy + 0.055, 1))",
        "error": "\(1 - accuracy)", "nll_nats": "\(entropy * 1.3)", "ece": "0.08",
        "brier": "\((1 - accuracy) * 1.2)", "largest_class_share": "\(share)",
        "mean_prediction_entropy_nats": collapsed ? "0.9" : "\(2.2 - 0.4 * (1 - accuracy))",
        "entropy_loss_spearman": "\(0.9 - Double(severity) * 0.1)",
        "clamped_share": method.adapts ? "0.05" : "", "steps": method.adapts ? "\(stepCount)" : "",
        "seconds_per_step": method.adapts ? "0.02" : "",
        "adaptation_seconds": method.adapts ? "0.8" : "0", "peak_memory_bytes": "123456789",
        "status": "done", "reason": "", "cell": cell, "code_version": "0.1.0+89abcdef0123",
        "recipe_hash": corruption == "clean" ? "" : "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "weights_hash": "3d5d1278eac32e6227ec31053674b893",
        "data_hash": "ddba8c6ab1413c9d81e6b59734dc2938", "threads": "2",
        "blas": "OpenBLAS 0.3.21 (Haswell)", "cpu_path": "x86-64-v3", "schema_version": "2",
      ]
      results.append(values)
      addReliability(cell, task, accuracy)
      if !method.isGridPoint, method.name != "task-arithmetic" {
        addComparison(values, difference: method.gain + bonus - (collapsed ? 0.3 : 0))
      }
    }
    if method.adapts {
      addAdaptation(cell, method, corruption, severity, stepCount, isOnline: isOnline)
    }
  }

  private mutating func addComparison(_ row: [String: String], difference: Double) {
    let noise = 0.03 * (Self.noise(row["cell"]!, row["task"]!) - 0.5)
    let value = difference + noise
    comparisons.append([
      row["experiment"]!, row["protocol"]!, row["task"]!, row["corruption"]!, row["severity"]!,
      row["adapt_stream"]!, row["evaluate_stream"]!, row["boundary"]!, row["seed"]!,
      "task-arithmetic", "", row["method"]!, row["method_options"]!, "160", "\(value)",
      "\(value - 0.04)", "\(value + 0.04)", "20", "10", "0.0987", row["cell"]!, "ba5e",
    ])
  }

  private mutating func addReliability(_ cell: String, _ task: String, _ accuracy: Double) {
    for bin in 0..<15 {
      let (lower, upper) = (Double(bin) / 15, Double(bin + 1) / 15)
      let samples = bin < 2 ? 0 : bin * bin / 6
      let confidence = (lower + upper) / 2
      reliability.append([
        cell, task, "\(bin)", "\(lower)", "\(upper)", "\(samples)",
        samples == 0 ? "" : "\(confidence)",
        samples == 0 ? "" : "\(min(confidence * (0.55 + 0.5 * accuracy), 1))",
      ])
    }
  }

  private mutating func addAdaptation(
    _ cell: String, _ method: Method, _ corruption: String, _ severity: Int, _ count: Int,
    isOnline: Bool
  ) {
    func last(_ task: String) -> Double {
      0.15 + 0.4 * Self.noise("end", task, corruption, "\(severity)")
    }
    for step in 0..<count {
      let share = 1 - exp(-3 * Double(step) / Double(count))
      for task in tasks {
        let wobble = 0.05 * Self.noise(cell, task, "\(step)")
        steps.append([
          cell, "\(step)", task, "\(3.2 - 1.1 * share + wobble)", "\(1.1 - 0.4 * share + wobble)",
          "\(0.2 + 0.15 * share + wobble)", "\(2.0 - 0.3 * share)",
          "\(0.3 + (last(task) - 0.3) * share)",
          isOnline ? "\(Int(9 + 4 * share + 20 * wobble))" : "", isOnline ? "16" : "",
        ])
      }
    }
    let names = method.name.contains("layerwise") ? layers : ["all"]
    for task in tasks {
      for (index, layer) in names.enumerated() {
        let depth = Double(index) / Double(names.count)
        let wave = names.count == 1 ? 0 : 0.25 * sin(6 * depth + 5 * Self.noise(task))
        coefficients.append([cell, task, layer, "\(max(last(task) + wave * depth, 0))"])
      }
    }
  }

  /// A run with every kind of experiment.
  static func full(seeds: [Int] = [0, 1]) -> SampleRun {
    var run = SampleRun()
    let corruptions = ["motion_blur", "gaussian_noise", "jpeg_compression"]
    for seed in seeds {
      for method in methods {
        run.addCell(
          "corruptions", "transductive", method, corruption: "clean", severity: 0, adapt: "clean",
          evaluate: "clean", seed: seed)
        for corruption in corruptions {
          for severity in [1, 3, 5] {
            run.addCell(
              "corruptions", "transductive", method, corruption: corruption, severity: severity,
              adapt: "\(corruption)-\(severity)", evaluate: "\(corruption)-\(severity)", seed: seed)
          }
        }
      }
    }
    let main = methods.filter { !$0.isGridPoint }
    for method in main {
      run.addCell(
        "unseen", "unseen", method, corruption: "clean", severity: 0, adapt: "clean",
        evaluate: "clean", seed: 0, unseen: ["house-numbers"])
      run.addCell(
        "online", "online", method, corruption: "motion_blur", severity: 3, adapt: "motion_blur-3",
        evaluate: "motion_blur-3", seed: 0, isOnline: true)
    }
    run.addCrossed(["clean", "motion_blur-3", "gaussian_noise-3", "jpeg_compression-3"])
    run.addContinual(["motion_blur-3", "gaussian_noise-3", "jpeg_compression-3"])
    return run
  }

  private mutating func addCrossed(_ streams: [String]) {
    for method in Self.methods where method.adapts || method.name == "task-arithmetic" {
      for adapt in method.adapts ? streams : ["none"] {
        for evaluate in streams {
          let parts = evaluate.split(separator: "-")
          addCell(
            "crossed", "cross-shift", method, corruption: String(parts[0]),
            severity: parts.count > 1 ? Int(parts[1])! : 0, adapt: adapt, evaluate: evaluate,
            seed: 0, bonus: adapt == evaluate ? 0.03 : adapt == "none" ? 0 : -0.03)
        }
      }
    }
  }

  private mutating func addContinual(_ phases: [String]) {
    let stream = "continual(\(phases.joined(separator: ">")))"
    for method in Self.methods where method.adapts {
      for boundary in 1...phases.count {
        for (phase, evaluate) in phases.prefix(boundary).enumerated() {
          let parts = evaluate.split(separator: "-")
          let age = boundary - phase - 1
          addCell(
            "continual", "continual", method, corruption: String(parts[0]), severity: 3,
            adapt: stream, evaluate: evaluate, boundary: boundary, seed: 0,
            bonus: -0.03 * Double(age) * (method.name.contains("layerwise") ? 1.5 : 0.6))
        }
      }
    }
  }

  // MARK: Files

  mutating func change(_ row: Int, _ column: String, to value: String) {
    results[row][column] = value
  }

  func resultsCSV(columns: [String] = SampleRun.resultColumns) -> String {
    Self.csv(columns, results.map { row in columns.map { row[$0] ?? "" } })
  }

  static func csv(_ header: [String], _ rows: [[String]]) -> String {
    ([header] + rows).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  /// By scalars: a quote with a combining mark is one character, and a quote all the same.
  private static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { [",", "\"", "\r", "\n"].contains($0) }) else {
      return text
    }
    let doubled = text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(doubled)\""
  }

  /// Writes the folder's files into `folder`, which is made if need be.
  func write(to folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/gallery", withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }
    try write(resultsCSV(), "results.csv")
    try write(
      Self.csv(
        [
          "experiment", "protocol", "task", "corruption", "severity", "adapt_stream",
          "evaluate_stream", "boundary", "seed", "baseline", "baseline_options", "method",
          "method_options", "samples", "accuracy_difference", "difference_low", "difference_high",
          "mcnemar_only_method", "mcnemar_only_baseline", "mcnemar_p", "cell", "baseline_cell",
        ], comparisons), "comparisons.csv")
    try write(
      Self.csv(
        ["cell", "task", "bin", "lower", "upper", "samples", "mean_confidence", "accuracy"],
        reliability), "reliability.csv")
    try write(
      Self.csv(
        [
          "cell", "step", "task", "loss", "mean_entropy_nats", "largest_class_share",
          "mean_prediction_entropy_nats", "coefficient", "online_correct", "online_samples",
        ], steps), "steps.csv")
    try write(
      Self.csv(["cell", "expert", "layer", "coefficient"], coefficients), "coefficients.csv")
    for task in tasks {
      for name in ["clean-0", "gaussian_noise-3"] {
        try Data(base64Encoded: Self.png)!
          .write(to: URL(filePath: "\(folder)/gallery/\(task)-\(name).png"))
      }
    }
  }

  /// Eight by eight pixels.
  static let png =
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAcklEQVR42g2NQREAMAjDkMKzMpCClEiplEpBytZn"
    + "cpdWlbo0xRaUXEpxRVWrW9NsQ8utNNdfDD3MaEcMHjK6UdXSy6x2xeIlq9svUKPhwz8ZBe7fldXWmDVYtmLOX4QO"
    + "E21EcEh0+amjjznt6Sd85HSnB4U/TQE5mGfPAAAAAElFTkSuQmCC"
}
