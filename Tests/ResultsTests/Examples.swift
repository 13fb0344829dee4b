import Results
import Statistics

/// Outcomes of `samples` images of which the first `correct` are right.
func exampleOutcomes(_ correct: Int, of samples: Int) -> OutcomeBits {
  OutcomeBits((0..<samples).map { $0 < correct })
}

/// A measurement with these outcomes; half of the images are predicted with a confidence of 0.9, the
/// other half with 0.5.
func exampleMeasurement(
  task: String = "digits", seen: Bool = true, outcomes: OutcomeBits, samplesHash: String = "images"
) -> TaskMeasurement {
  TaskMeasurement(
    task: task, seen: seen, outcomes: outcomes, samplesHash: samplesHash, meanEntropy: 1e-7,
    negativeLogLikelihood: 0.1 + 0.2, brierScore: 0.5, largestPredictedClassShare: 0.25,
    meanPredictionEntropy: 2.25, entropyLossSpearman: nil,
    reliability: Reliability(
      confidences: (0..<outcomes.count).map { $0 < outcomes.count / 2 ? 0.9 : 0.5 },
      correct: (0..<outcomes.count).map { outcomes[$0] }))
}

/// A record of method `method` on one task, or on `measurements`.
func exampleRecord(
  method: String = "ties", seed: UInt64 = 1, correct: Int = 48, failure: String? = nil,
  measurements: [TaskMeasurement]? = nil, ingredients: [String: String] = [:],
  adaptation: AdaptationSummary? = nil
) -> CellRecord {
  CellRecord(
    ingredients: ["method": method, "seed": "\(seed)"].merging(ingredients) { $1 },
    outcome: failure.map { .failed(reason: $0) }
      ?? .measured(
        measurements ?? [exampleMeasurement(outcomes: exampleOutcomes(correct, of: 160))]),
    adaptation: adaptation, adaptationSeconds: 0.5, seconds: 1.5,
    provenance: Provenance(
      codeVersion: "0.1.0+ab", recipeHash: nil, weightsHash: "w", dataHash: "d", seed: seed,
      blas: "OpenBLAS 0.3.29", cpuPath: "x86-64-v3", threads: 2))
}

func exampleRow(
  _ record: CellRecord, task: String = "digits", seen: Bool = true, experiment: String = "clean",
  options: String = "", isGridPoint: Bool = false, adaptStream: String = "none",
  boundary: Int? = nil
) -> ResultRecord {
  ResultRecord(
    experiment: experiment, method: record.ingredients["method"]!, methodOptions: options,
    isGridPoint: isGridPoint, backbone: "vit-mini", task: task, seen: seen,
    protocolName: "transductive", adaptStream: adaptStream, evaluateStream: "clean",
    boundary: boundary, corruption: "clean", severity: nil, profile: "imagenet-c",
    adaptation: "paper", record: record)
}
