import Checkpoints
import Foundation
import Merging
import Synchronization
import TensorCore
import VisionModels

/// Counts calls from wherever they come.
final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  func increment() { count.withLock { $0 += 1 } }
}

enum JSONRoundTrip {
  static func through<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }
}

/// An encoder of the first pixels: `features = pixels . W^T`, for what can be worked out by hand.
struct LinearEncoder: ImageEncoder {
  let layout = ParameterLayout([("weight", [2, 3])])
  let imageSize = 1
  let embeddingWidth = 2

  private final class Pixels: Sendable {
    let tensor: Tensor
    init(_ tensor: Tensor) { self.tensor = tensor }
  }

  func features(of pixels: Tensor, parameters: borrowing StateDict) -> Tensor {
    var features = Tensor(zeros: [pixels.rowCount, 2])
    for row in 0..<pixels.rowCount {
      for out in 0..<2 {
        for channel in 0..<3 {
          features.values[row * 2 + out] +=
            pixels.values[row * 3 + channel] * parameters.values[out * 3 + channel]
        }
      }
    }
    return features
  }

  func recordFeatures(of pixels: Tensor, parameters: borrowing StateDict) -> (
    features: Tensor, tape: ActivationTape
  ) {
    (features(of: pixels, parameters: parameters), ActivationTape(Pixels(pixels)))
  }

  func accumulateGradients(
    of featureGradient: Tensor, through tape: consuming ActivationTape,
    parameters: borrowing StateDict, into gradients: inout StateDict
  ) {
    let pixels = (tape.contents as! Pixels).tensor
    for row in 0..<pixels.rowCount {
      for out in 0..<2 {
        for channel in 0..<3 {
          gradients.values[out * 3 + channel] +=
            featureGradient.values[row * 2 + out] * pixels.values[row * 3 + channel]
        }
      }
    }
  }

  /// A bank for this encoder with an expert for each vector.
  func bank(_ vectors: [[Float]]) throws -> TaskVectorBank {
    let base = StateDict(layout: layout, values: [1, 0, 0, 0, 1, 0])
    return try TaskVectorBank(
      base: base,
      experts: vectors.enumerated().map { index, vector in
        let values = zip(base.values, vector).map { $0 + $1 }
        return ("task\(index)", StateDict(layout: layout, values: values))
      })
  }

  /// A head of two classes along the axes.
  var head: ClassificationHead {
    ClassificationHead(
      classNames: ["a", "b"], weights: Tensor(shape: [2, 2], values: [1, 0, 0, 1]), logitScale: 1)
  }
}
