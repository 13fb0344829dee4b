public import TensorCore

/// From an image of any size to a model's input: resized by its short side or to a square, centre
/// crop, and normalisation by channel, as torchvision and Pillow do it. Unless told otherwise as
/// CLIP: bicubic, the short side as long as the crop's.
public struct Preprocessing: Sendable, Hashable {
  /// The side of the model's square input, in pixels.
  public let imageSize: Int
  /// By channel, for values in 0...1.
  public let mean: [Float]
  /// By channel, for values in 0...1.
  public let standardDeviation: [Float]
  /// Pixels that images are resized to, at least `imageSize`.
  public let resizedSize: Int
  /// Whether images are resized to a square whatever their shape; else by their short side.
  public let isSquare: Bool
  public let filter: ResampleFilter

  /// The statistics of CLIP (Radford et al., 2021).
  public static let clipMean: [Float] = [0.48145466, 0.4578275, 0.40821073]
  public static let clipStandardDeviation: [Float] = [0.26862954, 0.26130258, 0.27577711]

  public init(
    imageSize: Int, mean: [Float] = Self.clipMean,
    standardDeviation: [Float] = Self.clipStandardDeviation, resizedSize: Int? = nil,
    isSquare: Bool = false, filter: ResampleFilter = .bicubic
  ) {
    precondition(imageSize > 0 && mean.count == 3 && standardDeviation.count == 3)
    precondition(resizedSize ?? imageSize >= imageSize, "a crop lies inside")
    precondition(filter != .nearest, "a filter with weights")
    self.resizedSize = resizedSize ?? imageSize
    self.isSquare = isSquare
    self.filter = filter
    self.imageSize = imageSize
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// CLIP's own, for inputs of 224 x 224 pixels.
  public static let clip = Preprocessing(imageSize: 224)

  /// The number of bytes of one crop, RGB interleaved.
  public var cropLength: Int { 3 * imageSize * imageSize }

  /// The image as the model sees it, 8 bits still: `imageSize` x `imageSize` pixels.
  public func pixels(_ image: PixelImage) -> PixelImage {
    let short = min(image.width, image.height)
    // torchvision's Resize: the long side is cut off to an integer.
    func resized(_ side: Int) -> Int {
      isSquare || side == short ? resizedSize : resizedSize * side / short
    }
    let (width, height) = (resized(image.width), resized(image.height))
    // torchvision's CenterCrop: offsets rounded half to even.
    let x = Int((Double(width - imageSize) / 2).rounded(.toNearestOrEven))
    let y = Int((Double(height - imageSize) / 2).rounded(.toNearestOrEven))
    return image.resampled(
      width: width, height: height, filter: filter,
      box: (0, 0, Float(image.width), Float(image.height)), order: .pillow13,
      columns: x..<x + imageSize, rows: y..<y + imageSize)
  }

  /// The crops, each of `imageSize` x `imageSize` pixels, as `[count, 3, imageSize, imageSize]`.
  public func normalize(_ images: [PixelImage]) -> Tensor {
    precondition(images.allSatisfy { $0.width == imageSize && $0.height == imageSize })
    return normalize(crops: images.flatMap(\.pixels), indices: Array(images.indices))
  }

  /// Some of many crops that lie one after another in `crops`, `cropLength` bytes each, as
  /// `[indices.count, 3, imageSize, imageSize]`.
  public func normalize(crops: [UInt8], indices: [Int]) -> Tensor {
    let area = imageSize * imageSize
    precondition(crops.count % cropLength == 0, "whole crops")
    precondition(indices.allSatisfy { $0 >= 0 && ($0 + 1) * cropLength <= crops.count })
    var values = [Float](repeating: 0, count: indices.count * cropLength)
    let tables = channelTables()
    let length = cropLength
    Parallel.forEachRows(of: &values, rowLength: length, chunk: 8) { rows, output in
      let (input, table) = (crops.span, tables.span)
      for (place, row) in rows.enumerated() {
        let start = indices[row] * length
        for channel in 0..<3 {
          let target = place * length + channel * area
          for pixel in 0..<area {
            output[target + pixel] = table[256 * channel + Int(input[start + 3 * pixel + channel])]
          }
        }
      }
    }
    return Tensor(shape: [indices.count, 3, imageSize, imageSize], values: values)
  }

  /// The normalised value of each of the 256 levels, channel by channel: `(v / 255 - mean) / std`
  /// in 32 bits, as torchvision's `ToTensor` and `Normalize` compute it.
  private func channelTables() -> [Float] {
    (0..<3).flatMap { channel in
      (0..<256).map { (Float($0) / 255 - mean[channel]) / standardDeviation[channel] }
    }
  }
}
