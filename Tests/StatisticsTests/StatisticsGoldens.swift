import Foundation

/// What SciPy, scikit-learn, statsmodels and torchmetrics give; `Goldens/make_goldens.py` writes it.
struct StatisticsGoldens: Decodable {
  struct AccuracyInterval: Decodable {
    let correct: Int
    let samples: Int
    let level: Double
    let interval: [Double]
  }
  struct DifferenceInterval: Decodable {
    let onlyMethod: Int
    let onlyBaseline: Int
    let samples: Int
    let interval: [Double]
  }
  struct MeanInterval: Decodable {
    let values: [Double]
    let interval: [Double]
  }
  struct McNemar: Decodable {
    let onlyMethod: Int
    let onlyBaseline: Int
    let exact: Double
    let mid: Double
  }
  struct Spearman: Decodable {
    let x: [Double]
    let y: [Double]
    let rho: Double
  }
  struct Seeds: Decodable {
    let values: [Double]
    let mean: Double
    let deviation: Double
  }
  struct Scores: Decodable {
    struct Bins: Decodable {
      let samples: [Double]
      let correct: [Double]
      let confidence: [Double]
    }
    let logits: [[Double]]
    let labels: [Int]
    let accuracy: Double
    let nll: Double
    let brier: Double
    let entropy: Double
    let ece: Double
    let spearmanEntropyLoss: Double
    let bins: Bins
  }
  struct Corruption: Decodable {
    let errors: [[Double]]
    let baseline: [[Double]]
    let clean: Double
    let baselineClean: Double
    let mce: Double
    let relativeMce: Double
  }

  let accuracyIntervals: [AccuracyInterval]
  let differenceIntervals: [DifferenceInterval]
  let averageInterval: [Double]
  let meanInterval: MeanInterval
  let mcnemar: [McNemar]
  let spearman: [Spearman]
  let seeds: Seeds
  let scores: Scores
  let corruptionError: Corruption

  static func load() throws -> StatisticsGoldens {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/goldens.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(StatisticsGoldens.self, from: Data(contentsOf: file))
  }
}
