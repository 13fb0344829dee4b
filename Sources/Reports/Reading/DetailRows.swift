/// A line of `comparisons.csv`: a method against a baseline on the same images of a task.
package struct ComparisonRow: Sendable {
  package let experiment: String
  package let protocolName: String
  package let task: String
  package let corruption: String
  package let severity: Double
  package let adaptStream: String
  package let evaluateStream: String
  package let boundary: Int?
  package let seed: UInt64
  package let baseline: String
  package let baselineOptions: String
  package let method: String
  package let methodOptions: String
  package let samples: Int?
  /// Method minus baseline, -1 to 1, with its 95 % interval (paired bootstrap).
  package let difference: Double
  package let low: Double?
  package let high: Double?
  /// McNemar's exact test.
  package let pValue: Double?
  /// The method's.
  package let cell: String

  package static func read(_ file: CSVFile) throws(ReportError) -> [ComparisonRow] {
    let experiment = try file.text("experiment")
    let protocolName = try file.text("protocol")
    let task = try file.name("task")
    let corruption = try file.name("corruption")
    let severity = try file.number("severity", in: 0...5, isRequired: true)
    let adaptStream = try file.text("adapt_stream")
    let evaluateStream = try file.text("evaluate_stream")
    let boundary = try file.count("boundary", in: ResultRow.boundaries)
    let seed = try file.seed("seed")
    let baseline = try file.name("baseline")
    let baselineOptions = try file.text("baseline_options")
    let method = try file.name("method")
    let methodOptions = try file.text("method_options")
    let samples = try file.count("samples")
    let difference = try file.number("accuracy_difference", in: -1...1, isRequired: true)
    let low = try file.number("difference_low", in: -1...1)
    let high = try file.number("difference_high", in: -1...1)
    let pValue = try file.share("mcnemar_p")
    let cell = try file.text("cell")
    var rows: [ComparisonRow] = []
    for line in file.lines {
      rows.append(
        ComparisonRow(
          experiment: try experiment(line), protocolName: try protocolName(line),
          task: try task(line), corruption: try corruption(line), severity: try severity(line),
          adaptStream: try adaptStream(line), evaluateStream: try evaluateStream(line),
          boundary: try boundary.optional(line), seed: try seed(line),
          baseline: try baseline(line), baselineOptions: try baselineOptions(line),
          method: try method(line), methodOptions: try methodOptions(line),
          samples: try samples.optional(line), difference: try difference(line),
          low: try low.optional(line), high: try high.optional(line),
          pValue: try pValue.optional(line), cell: try cell(line)))
    }
    return rows
  }
}

/// A line of `reliability.csv`: one bin of a cell's reliability diagram for a task.
package struct ReliabilityRow: Sendable {
  package let cell: String
  package let task: String
  package let bin: Int
  /// The bin's confidences lie between these.
  package let lower: Double
  package let upper: Double
  package let samples: Int
  /// Nil of an empty bin.
  package let meanConfidence: Double?
  package let accuracy: Double?

  package static func read(_ file: CSVFile) throws(ReportError) -> [ReliabilityRow] {
    let cell = try file.name("cell")
    let task = try file.name("task")
    let bin = try file.count("bin", isRequired: true)
    let lower = try file.share("lower", isRequired: true)
    let upper = try file.share("upper", isRequired: true)
    let samples = try file.count("samples", isRequired: true)
    let meanConfidence = try file.share("mean_confidence", isRequired: true)
    let accuracy = try file.share("accuracy", isRequired: true)
    var rows: [ReliabilityRow] = []
    for line in file.lines {
      rows.append(
        ReliabilityRow(
          cell: try cell(line), task: try task(line), bin: try bin(line), lower: try lower(line),
          upper: try upper(line), samples: try samples(line),
          meanConfidence: try meanConfidence.optional(line), accuracy: try accuracy.optional(line)))
    }
    return rows
  }
}

/// A line of `steps.csv`: one step of an adaptation, as one task saw it.
package struct StepRow: Sendable {
  package let cell: String
  package let step: Int
  package let task: String
  /// Of the whole step, in nats.
  package let loss: Double?
  package let meanEntropy: Double?
  package let largestClassShare: Double?
  package let meanPredictionEntropy: Double?
  /// Of the task's expert, the mean over layers.
  package let coefficient: Double?
  /// Of the online protocol: right answers before or after the step, and images.
  package let onlineCorrect: Int?
  package let onlineSamples: Int?

  package static func read(_ file: CSVFile) throws(ReportError) -> [StepRow] {
    let cell = try file.name("cell")
    let step = try file.count("step", isRequired: true)
    let task = try file.name("task")
    let loss = try file.number("loss")
    let meanEntropy = try file.number("mean_entropy_nats")
    let largestClassShare = try file.share("largest_class_share")
    let meanPredictionEntropy = try file.number("mean_prediction_entropy_nats")
    let coefficient = try file.number("coefficient")
    let onlineCorrect = try file.count("online_correct")
    let onlineSamples = try file.count("online_samples")
    var rows: [StepRow] = []
    rows.reserveCapacity(file.lines.count)
    for line in file.lines {
      if let correct = try onlineCorrect.optional(line),
        let samples = try onlineSamples.optional(line), correct > samples
      {
        throw .badField(
          path: file.path, line: line.number, column: "online_correct", value: "\(correct)",
          expected: "a number up to online_samples, \(samples),")
      }
      rows.append(
        StepRow(
          cell: try cell(line), step: try step(line), task: try task(line),
          loss: try loss.optional(line), meanEntropy: try meanEntropy.optional(line),
          largestClassShare: try largestClassShare.optional(line),
          meanPredictionEntropy: try meanPredictionEntropy.optional(line),
          coefficient: try coefficient.optional(line),
          onlineCorrect: try onlineCorrect.optional(line),
          onlineSamples: try onlineSamples.optional(line)))
    }
    return rows
  }
}

/// A line of `coefficients.csv`: one merging coefficient at the end of a cell.
package struct CoefficientRow: Sendable {
  package let cell: String
  package let expert: String
  /// A tensor's name; `all` of methods with one coefficient per expert.
  package let layer: String
  package let coefficient: Double

  package static func read(_ file: CSVFile) throws(ReportError) -> [CoefficientRow] {
    let cell = try file.name("cell")
    let expert = try file.name("expert")
    let layer = try file.name("layer")
    let coefficient = try file.number("coefficient", isRequired: true)
    var rows: [CoefficientRow] = []
    rows.reserveCapacity(file.lines.count)
    for line in file.lines {
      rows.append(
        CoefficientRow(
          cell: try cell(line), expert: try expert(line), layer: try layer(line),
          coefficient: try coefficient(line)))
    }
    return rows
  }
}
