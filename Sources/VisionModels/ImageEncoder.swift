public import Checkpoints
public import TensorCore

/// A differentiable encoder of images, whose parameters come from outside: merging makes new ones
/// at every step.
public protocol ImageEncoder: Sendable {
  var layout: ParameterLayout { get }
  /// Pixels on a side of the square images.
  var imageSize: Int { get }
  var embeddingWidth: Int { get }
  /// What `recordFeatures` keeps of an image until its gradients are made; 0: next to nothing.
  var activationBytesPerImage: Int { get }

  /// The features `[N, embeddingWidth]` of preprocessed `pixels` `[N, 3, imageSize, imageSize]`.
  func features(of pixels: Tensor, parameters: borrowing StateDict) -> Tensor

  /// The same features, and what their gradients need.
  func recordFeatures(of pixels: Tensor, parameters: borrowing StateDict) -> (
    features: Tensor, tape: ActivationTape
  )

  /// Adds to `gradients` the gradients of all parameters, given that of the features.
  ///
  /// - Parameters:
  ///   - featureGradient: `[N, embeddingWidth]`.
  ///   - tape: from `recordFeatures` of these `parameters`; used up.
  func accumulateGradients(
    of featureGradient: Tensor, through tape: consuming ActivationTape,
    parameters: borrowing StateDict, into gradients: inout StateDict)
}

extension ImageEncoder {
  public var activationBytesPerImage: Int { 0 }
}

/// The activations that an encoder kept for its gradients, for one use.
public struct ActivationTape: Sendable {
  package let contents: any AnyObject & Sendable

  package init(_ contents: any AnyObject & Sendable) {
    self.contents = contents
  }
}
