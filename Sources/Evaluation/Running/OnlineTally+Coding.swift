internal import TensorCore

/// For states of adaptations that go on later; numbers come back exactly.
extension OnlineTally.Predicted: Codable {
  private enum CodingKeys: String, CodingKey {
    case places, scores, sums, nonFinite, firstNonFinite
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    places = PagedArray(try container.decode([UInt32].self, forKey: .places))
    let scores = try container.decode(SampleScoreTable.self, forKey: .scores)
    let sums = try container.decode(PredictionStatistics.Sums.self, forKey: .sums)
    let nonFinite = try container.decode(Int.self, forKey: .nonFinite)
    let first = try container.decodeIfPresent(Int.self, forKey: .firstNonFinite)
    guard (0...places.count).contains(nonFinite), scores.count == places.count - nonFinite,
      sums.isOf(samples: scores.count), (first == nil) == (nonFinite == 0)
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .places, in: container, debugDescription: "not a score of each image")
    }
    scorer = PredictionScorer(
      scores: scores, statistics: sums, nonFiniteCount: nonFinite, firstNonFinite: first)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Array(places), forKey: .places)
    try container.encode(scorer.scores, forKey: .scores)
    try container.encode(scorer.statistics, forKey: .sums)
    try container.encode(scorer.nonFiniteCount, forKey: .nonFinite)
    try container.encodeIfPresent(scorer.firstNonFinite, forKey: .firstNonFinite)
  }
}
