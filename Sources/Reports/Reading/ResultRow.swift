/// A line of `results.csv`: one task of one cell. Shares are 0 to 1, entropies in nats; what was not
/// measured is nil, and so is what an older file has no column for.
package struct ResultRow: Sendable {
  /// The newest layout of the file that is known here.
  package static let newestSchema = 2

  package let line: Int
  package let experiment: String
  package let method: String
  package let methodOptions: String
  package let isGridPoint: Bool
  package let backbone: String
  package let task: String
  package let seen: Bool
  package let corruption: String
  /// 0 for clean images and streams of several domains.
  package let severity: Double
  package let protocolName: String
  package let adaptation: String
  package let profile: String
  package let adaptStream: String
  package let evaluateStream: String
  /// Of a continual run: how many of its phases were over.
  package let boundary: Int?
  package let seed: UInt64
  package let samples: Int?
  package let accuracy: Double?
  package let accuracyLow: Double?
  package let accuracyHigh: Double?
  package let meanEntropy: Double?
  package let negativeLogLikelihood: Double?
  package let calibrationError: Double?
  package let brier: Double?
  package let largestClassShare: Double?
  package let meanPredictionEntropy: Double?
  package let entropyLossSpearman: Double?
  package let clampedShare: Double?
  package let steps: Int?
  package let adaptationSeconds: Double?
  package let peakMemoryBytes: Int?
  package let hasFailed: Bool
  package let reason: String
  package let cell: String
  package let codeVersion: String
  package let recipeHash: String
  package let weightsHash: String
  package let dataHash: String
  package let threads: String
  package let blas: String
  package let cpuPath: String
}

extension ResultRow {
  /// The rows of a `results.csv`.
  package static func read(_ file: CSVFile) throws(ReportError) -> [ResultRow] {
    let schema = try file.count("schema_version", in: 1...1_000_000)
    let isFirstSchema = file.place(["adaptation"]) == nil
    let experiment = try file.text("experiment")
    let method = try file.name("method")
    let methodOptions = try file.text("method_options")
    let isGridPoint = try file.flag("is_grid_point")
    let backbone = try file.name("backbone")
    let task = try file.name("task")
    let seen = try file.flag("seen", isRequired: true)
    let corruption = try file.name("corruption")
    let severity = try file.number("severity", in: 0...5, isRequired: true)
    let protocolName = try file.text("protocol")
    let adaptation = try file.text("adaptation", "protocol")
    let profile = try file.text("profile")
    let adaptStream = try file.text("adapt_stream")
    let evaluateStream = try file.text("evaluate_stream")
    let boundary = try file.count("boundary", in: boundaries)
    let seed = try file.seed("seed")
    let samples = try file.count("samples")
    let accuracy = try file.share("accuracy", isRequired: true)
    let accuracyLow = try file.share("accuracy_low")
    let accuracyHigh = try file.share("accuracy_high")
    let meanEntropy = try file.number("mean_entropy_nats", "mean_entropy", in: nonNegative)
    let nll = try file.number("nll_nats", in: nonNegative)
    let ece = try file.share("ece")
    let brier = try file.number("brier", in: 0...2)
    let largestClassShare = try file.share("largest_class_share")
    let meanPredictionEntropy = try file.number(
      "mean_prediction_entropy_nats", "mean_prediction_entropy", in: nonNegative)
    let spearman = try file.number("entropy_loss_spearman", in: -1...1)
    let clampedShare = try file.share("clamped_share")
    let steps = try file.count("steps")
    let adaptationSeconds = try file.number("adaptation_seconds", in: nonNegative)
    let peakMemory = try file.count("peak_memory_bytes", in: 0...1 << 50)
    let status = try file.choice("status", of: ["done", "failed"])
    let reason = try file.text("reason")
    let cell = try file.text("cell")
    let codeVersion = try file.text("code_version")
    let recipeHash = try file.text("recipe_hash")
    let weightsHash = try file.text("weights_hash")
    let dataHash = try file.text("data_hash")
    let threads = try file.text("threads")
    let blas = try file.text("blas")
    let cpuPath = try file.text("cpu_path")

    var rows: [ResultRow] = []
    rows.reserveCapacity(file.lines.count)
    for line in file.lines {
      if let version = try schema.optional(line), version > newestSchema {
        throw .badField(
          path: file.path, line: line.number, column: "schema_version", value: "\(version)",
          expected: "a version up to \(newestSchema) (a newer MergeShift wrote this file)")
      }
      if let low = try accuracyLow.optional(line), let high = try accuracyHigh.optional(line),
        low > high
      {
        throw .badField(
          path: file.path, line: line.number, column: "accuracy_low", value: "\(low)",
          expected: "a number up to accuracy_high, \(high),")
      }
      rows.append(
        ResultRow(
          line: line.number,
          experiment: try experiment(line), method: try method(line),
          methodOptions: try methodOptions(line),
          isGridPoint: try isGridPoint.optional(line) ?? false, backbone: try backbone(line),
          task: try task(line), seen: try seen(line), corruption: try corruption(line),
          severity: try severity(line),
          protocolName: isFirstSchema ? "" : try protocolName(line),
          adaptation: try adaptation(line), profile: try profile(line),
          adaptStream: try adaptStream(line), evaluateStream: try evaluateStream(line),
          boundary: try boundary.optional(line), seed: try seed(line),
          samples: try samples.optional(line), accuracy: try accuracy.optional(line),
          accuracyLow: try accuracyLow.optional(line),
          accuracyHigh: try accuracyHigh.optional(line),
          meanEntropy: try meanEntropy.optional(line),
          negativeLogLikelihood: try nll.optional(line), calibrationError: try ece.optional(line),
          brier: try brier.optional(line), largestClassShare: try largestClassShare.optional(line),
          meanPredictionEntropy: try meanPredictionEntropy.optional(line),
          entropyLossSpearman: try spearman.optional(line),
          clampedShare: try clampedShare.optional(line), steps: try steps.optional(line),
          adaptationSeconds: try adaptationSeconds.optional(line),
          peakMemoryBytes: try peakMemory.optional(line),
          hasFailed: try status.optional(line) == "failed", reason: try reason(line),
          cell: try cell(line), codeVersion: try codeVersion(line),
          recipeHash: try recipeHash(line), weightsHash: try weightsHash(line),
          dataHash: try dataHash(line), threads: try threads(line), blas: try blas(line),
          cpuPath: try cpuPath(line)))
    }
    return rows
  }

  /// Streams of so many phases are the most that a report makes lists of.
  static let boundaries = 0...100_000
  private static let nonNegative = 0...CSVFile.largestNumber
}
