public import Corruptions
internal import Datasets
public import Imaging
public import Streams
internal import TensorCore

/// From a sample to what a model is fed from: decoded, corrupted at its own size, resized and
/// cropped to the model's, still 8-bit.
public struct Preprocessor: Sendable {
  public let preprocessing: Preprocessing
  public let domain: Domain
  /// The domain's corruption; nil for clean images.
  public let corruption: Corruption?
  /// The run's seed; with the corruption, the severity and the sample's id it keys every draw.
  public let seed: UInt64

  /// - Parameter corruption: the one that the domain names.
  public init(
    preprocessing: Preprocessing, domain: Domain, corruption: Corruption?, seed: UInt64
  ) {
    precondition(domain.corruption == corruption?.name, "the domain's corruption")
    self.preprocessing = preprocessing
    self.domain = domain
    self.corruption = corruption
    self.seed = seed
  }

  /// The crop of one sample, `imageSize` pixels on a side.
  public func pixels(of sample: Sample) throws(EvaluationError) -> PixelImage {
    try pixels(of: sample, content: nil)
  }

  /// The crop of one sample, `imageSize` pixels on a side.
  ///
  /// - Parameter content: the hash that the sample's bytes should have; nil: whatever they are.
  /// - Throws: also `changedImage`.
  func pixels(
    of sample: Sample, content: ImageContents.Hash?
  ) throws(EvaluationError) -> PixelImage {
    var image: PixelImage
    let bytes: [UInt8]
    do {
      bytes = try sample.content()
    } catch {
      throw .image(error)
    }
    if let content, ImageContents.hash(of: bytes) != content {
      throw .changedImage(sample.location.description)
    }
    do {
      image = try sample.image(decoding: bytes)
    } catch {
      throw .image(error)
    }
    if let corruption, let severity = domain.severity?.value {
      var random = corruption.random(
        seed: seed, severity: severity, sample: sample.id.text)
      do {
        image = try corruption.apply(to: image, severity: severity, random: &random)
      } catch {
        throw .corruption(error)
      }
    }
    return preprocessing.pixels(image)
  }
}
