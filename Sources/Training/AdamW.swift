public import Checkpoints
internal import TensorCore

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019) over a flat state dictionary, in
/// PyTorch's order of operations.
public struct AdamW: Sendable {
  public struct Settings: Sendable, Hashable, Codable {
    public var weightDecay: Double
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double

    public init(
      weightDecay: Double = 0.05, beta1: Double = 0.9, beta2: Double = 0.999,
      epsilon: Double = 1e-8
    ) {
      self.weightDecay = weightDecay
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
    }
  }

  public let settings: Settings
  /// How many updates were made.
  public internal(set) var step = 0
  /// The running means of the gradients and of their squares, laid out as the parameters.
  public internal(set) var firstMoment: StateDict
  public internal(set) var secondMoment: StateDict

  public init(_ layout: ParameterLayout, _ settings: Settings) {
    self.settings = settings
    firstMoment = StateDict(zeros: layout)
    secondMoment = StateDict(zeros: layout)
  }

  /// Whether weight decay pulls at a tensor: at matrices, not at norms, biases and embeddings.
  public static func decays(_ entry: ParameterLayout.Entry) -> Bool {
    entry.shape.rank >= 2 && !entry.name.hasSuffix("position_embedding.weight")
      && !entry.name.hasSuffix("class_embedding")
  }

  /// One update of the parameters.
  ///
  /// - Parameters:
  ///   - gradients: laid out as the parameters.
  ///   - gradientScale: multiplies every gradient first (for clipping).
  public mutating func update(
    _ parameters: inout StateDict, gradients: borrowing StateDict, learningRate: Double,
    gradientScale: Float = 1
  ) {
    step += 1
    let layout = firstMoment.layout
    precondition(
      parameters.layout == layout && gradients.layout == layout, "the optimizer's own layout")
    update(
      &parameters.values, gradients.values, &firstMoment.values, &secondMoment.values,
      entries: layout.entries, learningRate: learningRate, gradientScale: gradientScale)
  }

  private func update(
    _ values: inout [Float], _ gradients: [Float], _ means: inout [Float],
    _ squares: inout [Float], entries: [ParameterLayout.Entry], learningRate: Double,
    gradientScale: Float
  ) {
    let correction1 = 1 - power(settings.beta1, step)
    let correction2 = 1 - power(settings.beta2, step)
    let stepSize = Float(learningRate / correction1)
    let inverseRoot = Float(1 / correction2.squareRoot())
    let beta1 = Float(settings.beta1)
    let beta2 = Float(settings.beta2)
    let epsilon = Float(settings.epsilon)
    let gradient = gradients.span
    var value = values.mutableSpan
    var mean = means.mutableSpan
    var square = squares.mutableSpan
    for entry in entries {
      let decay = Self.decays(entry) ? settings.weightDecay : 0
      let kept = Float(1 - learningRate * decay)
      for index in entry.range {
        let slope = gradient[index] * gradientScale
        mean[index] += (slope - mean[index]) * (1 - beta1)
        square[index] = square[index] * beta2 + slope * slope * (1 - beta2)
        let denominator = square[index].squareRoot() * inverseRoot + epsilon
        value[index] = value[index] * kept - stepSize * (mean[index] / denominator)
      }
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var left = exponent
    while left > 0 {
      if left & 1 == 1 { result *= square }
      square *= square
      left >>= 1
    }
    return result
  }
}

extension StateDict {
  /// The Euclidean norm over all tensors.
  package var norm: Float {
    var sum = 0.0
    for value in values { sum += Double(value * value) }
    return Float(sum.squareRoot())
  }
}
