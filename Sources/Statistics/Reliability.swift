/// Confidence against accuracy in bins of equal width (Guo et al., On Calibration of Modern Neural
/// Networks, ICML 2017, section 2): bin `m` of `M` holds the samples whose confidence is in
/// `(m / M, (m + 1) / M]`.
public struct Reliability: Hashable, Sendable {
  /// One of the bins.
  public struct Bin: Hashable, Sendable, Codable {
    public var samples = 0
    /// How many of them were predicted right.
    public var correct = 0
    /// The sum of their confidences.
    public var confidenceSum = 0.0

    /// Nil for an empty bin.
    public var accuracy: Double? { samples == 0 ? nil : Double(correct) / Double(samples) }
    /// Nil for an empty bin.
    public var meanConfidence: Double? { samples == 0 ? nil : confidenceSum / Double(samples) }
  }

  /// Guo et al.'s number of bins.
  public static let standardBinCount = 15

  public let bins: [Bin]

  /// - Parameters:
  ///   - confidences: the probability of each sample's predicted class, 0 to 1.
  ///   - correct: whether it was predicted right.
  public init(
    confidences: some Collection<Double>, correct: some Collection<Bool>,
    binCount: Int = Reliability.standardBinCount
  ) {
    precondition(confidences.count == correct.count && binCount > 0, "an outcome per confidence")
    var bins = [Bin](repeating: Bin(), count: binCount)
    for (confidence, isCorrect) in zip(confidences, correct) {
      let place = Int((confidence * Double(binCount)).rounded(.up)) - 1
      let index = min(max(place, 0), binCount - 1)
      bins[index].samples += 1
      bins[index].correct += isCorrect ? 1 : 0
      bins[index].confidenceSum += confidence
    }
    self.bins = bins
  }

  public var samples: Int { bins.reduce(0) { $0 + $1.samples } }

  /// The least confidence of bin `index`, not in it, and the largest, in it.
  public func bounds(_ index: Int) -> (lower: Double, upper: Double) {
    (Double(index) / Double(bins.count), Double(index + 1) / Double(bins.count))
  }

  /// The expected calibration error, 0 to 1: `sum_m |B_m| / n * |acc(B_m) - conf(B_m)|`; 0 of no
  /// samples.
  public var expectedCalibrationError: Double {
    guard samples > 0 else { return 0 }
    let gaps = bins.reduce(0) { $0 + abs(Double($1.correct) - $1.confidenceSum) }
    return gaps / Double(samples)
  }
}

extension Reliability: Codable {
  private enum CodingKeys: String, CodingKey {
    case bins
  }

  /// - Throws: `DecodingError` for counts that can't be those of samples.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    bins = try container.decode([Bin].self, forKey: .bins)
    var total = 0
    for bin in bins {
      let (sum, isTooLarge) = total.addingReportingOverflow(bin.samples)
      guard !isTooLarge, 0 <= bin.correct, bin.correct <= bin.samples else {
        throw DecodingError.dataCorruptedError(
          forKey: .bins, in: container,
          debugDescription: "a bin with \(bin.correct) right of \(bin.samples) samples")
      }
      total = sum
    }
  }
}
