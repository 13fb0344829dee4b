import Results

/// A record of method `method` on one task.
func exampleRecord(
  method: String = "ties", seed: UInt64 = 1, accuracy: Double = 0.1 + 0.2, failure: String? = nil
) -> CellRecord {
  CellRecord(
    ingredients: ["method": method, "seed": "\(seed)"],
    outcome: failure.map { .failed(reason: $0) }
      ?? .measured([
        TaskMeasurement(
          task: "digits", seen: true, samples: 160, accuracy: accuracy, meanEntropy: 1e-7,
          largestPredictedClassShare: 0.25, meanPredictionEntropy: 2.25)
      ]),
    adaptationSeconds: 0.5, seconds: 1.5,
    provenance: Provenance(
      codeVersion: "0.1.0+ab", recipeHash: nil, weightsHash: "w", dataHash: "d", seed: seed,
      blas: "OpenBLAS 0.3.29", cpuPath: "x86-64-v3", threads: 2))
}

func exampleRow(
  _ record: CellRecord, experiment: String = "clean", options: String = ""
) -> ResultRecord {
  ResultRecord(
    experiment: experiment, method: record.ingredients["method"]!, methodOptions: options,
    backbone: "vit-mini", task: "digits", seen: true, protocolName: "transductive",
    adaptStream: "none", evaluateStream: "clean", corruption: "clean", severity: nil, profile: "imagenet-c", adaptation: "paper", record: record)
}
