internal import Foundation

/// Adam (Kingma and Ba, ICLR 2015) as PyTorch computes it, without weight decay, in double
/// precision.
public struct Adam: Sendable, Equatable, Codable {
  public let learningRate: Double
  public let beta1: Double
  public let beta2: Double
  public let epsilon: Double
  /// Running means of the gradient and of its square.
  public private(set) var first: [Double]
  public private(set) var second: [Double]
  /// How many updates were made.
  public private(set) var updates = 0

  public init(
    count: Int, learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    first = Array(repeating: 0, count: count)
    second = first
  }

  /// One step of `parameters` down the `gradient`.
  public mutating func update(_ parameters: inout [Double], gradient: [Double]) {
    precondition(
      parameters.count == first.count && gradient.count == first.count,
      "as many parameters as at the start")
    updates += 1
    let stepSize = learningRate / (1 - pow(beta1, Double(updates)))
    let correction = (1 - pow(beta2, Double(updates))).squareRoot()
    for index in parameters.indices {
      let slope = gradient[index]
      first[index] += (1 - beta1) * (slope - first[index])
      second[index] = beta2 * second[index] + (1 - beta2) * slope * slope
      parameters[index] -=
        stepSize * first[index] / (second[index].squareRoot() / correction + epsilon)
    }
  }
}
