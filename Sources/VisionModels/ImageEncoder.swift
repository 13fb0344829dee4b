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

  /// For diagnoses: the first layer whose outputs for some of the images are NaN or infinite, by the
  /// name of its weight; nil: none, or it can't be told.
  func firstNonFiniteLayer(of pixels: Tensor, parameters: borrowing StateDict) -> String?

  /// The same encoder with the other gradient of the keys' biases; itself if it has none.
  func with(keyBias: KeyBiasGradient) -> Self
}

extension ImageEncoder {
  public func with(keyBias: KeyBiasGradient) -> Self { self }

  public func firstNonFiniteLayer(
    of pixels: Tensor, parameters: borrowing StateDict
  ) -> String? { nil }
}

/// What stands for the gradient of attention's key biases. A shift of all keys adds the same to all
/// scores of a query, which softmax does not see, so the gradient is zero in exact arithmetic.
public enum KeyBiasGradient: String, Sendable, CaseIterable {
  /// Zero, as the mathematics has it.
  case exact
  /// The sum of the keys' gradients over all tokens, as autograd computes it: rounding noise of no
  /// meaning, of which Adam makes steps as long as the learning rate.
  case drift
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
