internal import TensorCore

/// For states of adaptations that go on later: what does not grow with the images is JSON, places and scores
/// are written as they lie in memory.
extension OnlineTally {
  /// A tally without its places and scores.
  struct Outline: Codable {
    fileprivate let steps: [Counts]
    fileprivate let tasks: [String: Predicted.Outline]
  }

  var outline: Outline { Outline(steps: steps, tasks: predicted.mapValues(\.outline)) }

  /// Calls `body` with the places and then the scores of one task after another, piece by piece.
  func forEachPiece(_ body: (_ bytes: [UInt8]) throws -> Void) throws {
    for (_, predicted) in predicted.sorted(by: { $0.key < $1.key }) {
      try predicted.places.forEachPiece(body)
      try predicted.scorer.scores.forEachPiece(body)
    }
  }

  /// The tally that was written.
  ///
  /// - Parameter rest: what `forEachPiece` gave, and more.
  /// - Returns: nil if these are no tally.
  init?(_ outline: Outline, from rest: inout StateReader) throws {
    var predicted: [String: Predicted] = [:]
    for (task, outline) in outline.tasks.sorted(by: { $0.key < $1.key }) {
      guard let found = try Predicted(outline, from: &rest) else { return nil }
      predicted[task] = found
    }
    self.init(steps: outline.steps, predicted: predicted)
  }
}

extension OnlineTally.Predicted {
  fileprivate struct Outline: Codable {
    let count: Int
    let sums: PredictionStatistics.Sums
    let nonFinite: Int
    var firstNonFinite: Int?
  }

  fileprivate var outline: Outline {
    Outline(
      count: places.count, sums: scorer.statistics, nonFinite: scorer.nonFiniteCount,
      firstNonFinite: scorer.firstNonFinite)
  }

  fileprivate init?(_ outline: Outline, from rest: inout StateReader) throws {
    guard (0...rest.count / PagedArray<UInt32>.elementBytes).contains(outline.count),
      (0...outline.count).contains(outline.nonFinite),
      outline.sums.isOf(samples: outline.count - outline.nonFinite),
      (outline.firstNonFinite == nil) == (outline.nonFinite == 0)
    else { return nil }
    var places = PagedArray<UInt32>()
    var scores = SampleScoreTable()
    guard
      try rest.forEachPiece(
        of: outline.count, PagedArray<UInt32>.elementBytes, { places.append(bytes: $0) }),
      try rest.forEachPiece(
        of: outline.count - outline.nonFinite, SampleScoreTable.rowBytes,
        { scores.append(bytes: $0) })
    else { return nil }
    self.init(
      places: places,
      scorer: PredictionScorer(
        scores: scores, statistics: outline.sums, nonFiniteCount: outline.nonFinite,
        firstNonFinite: outline.firstNonFinite))
  }
}
