internal import Kernels
internal import TensorCore

/// DARE's "drop and rescale" (Yu et al., ICML 2024, "Language Models are Super Mario", section 3.2):
/// every entry of a task vector is dropped with probability `p`, and the others are divided by
/// `1 - p`, so that each keeps its expectation.
///
/// Entry `i` of a task's vector is dropped if word `i` of the stream keyed by (seed, `dare`, task) is
/// below `p * 2^32`: what is dropped depends on nothing else, and any piece can be drawn by itself.
public struct RandomDrop: Sendable, Hashable, Codable {
  /// The probability `p`, in `rates`.
  public let rate: Double
  public let seed: UInt64

  /// What rates there are: from 0 on and below 1.
  public static let rates = 0.0..<1

  /// - Parameter rate: in `rates`.
  public init(rate: Double, seed: UInt64) {
    precondition(Self.rates.contains(rate), "a probability below 1")
    self.rate = rate
    self.seed = seed
  }

  /// Drops and rescales the entries `range` of the vector of `task`; `kept` may be `values`.
  func apply(
    toTask task: String, _ values: FloatView, in range: Range<Int>, into kept: MutableFloatView
  ) {
    var random = KeyedRandom(seed: seed, "dare", task)
    random.seek(toBlock: UInt64(range.lowerBound / 4))
    let offset = range.lowerBound % 4
    var words = [UInt32](repeating: 0, count: offset + range.count)
    var span = words.mutableSpan
    random.drawWords(into: &span)
    WeightedSum.drop(
      of: values, words: words.span.extracting(offset...),
      threshold: UInt32(min(rate * 0x1p32, 0x1p32 - 1)), share: Float(1 - rate), into: kept)
  }
}
