internal import CFilters
public import Imaging

/// An image on its way through a pipeline: 8-bit samples or doubles in 0...1, whichever the last
/// primitive left. It converts when the next one wants the other form, and not before: a pipeline
/// of 8-bit primitives never leaves 8 bits.
public struct WorkingImage: Sendable {
  private enum Storage: Sendable {
    case pixels([UInt8])
    case values([Double])
  }

  public private(set) var width: Int
  public private(set) var height: Int
  private var storage: Storage

  public init(_ image: PixelImage) {
    width = image.width
    height = image.height
    storage = .pixels(image.pixels)
  }

  /// The 8-bit image; doubles are clipped to 0...1, scaled by 255 and truncated, as the published
  /// data sets were made.
  public var pixels: PixelImage {
    get { PixelImage(width: width, height: height, pixels: quantized) }
    set { self = WorkingImage(newValue) }
  }

  /// Whether the samples are 8-bit at the moment.
  public var isQuantized: Bool {
    if case .pixels = storage { true } else { false }
  }

  /// Changes the 8-bit samples in place: RGB interleaved, `3 * width * height`.
  public mutating func modifyPixels(_ body: (inout [UInt8]) -> Void) {
    var samples = quantized
    // Lets go of the stored array, so that the samples are changed without a copy.
    storage = .pixels([])
    body(&samples)
    precondition(samples.count == 3 * width * height, "an image keeps its size")
    storage = .pixels(samples)
  }

  /// Changes the samples as doubles in place: RGB interleaved, `3 * width * height`; 8-bit ones
  /// are divided by 255 first. `body` may leave values beyond 0...1: they are clipped.
  public mutating func modifyValues(_ body: (inout [Double]) -> Void) {
    var values: [Double]
    switch storage {
    case .pixels(let samples):
      values = Self.levels(samples)
    case .values(let current):
      values = current
      storage = .pixels([])
      // The reference clips after every corruption.
      var span = values.mutableSpan
      for index in span.indices { span[index] = min(max(span[index], 0), 1) }
    }
    storage = .pixels([])
    body(&values)
    replace(by: values)
  }

  /// Puts doubles in the place of the samples: RGB interleaved, `3 * width * height`.
  public mutating func replace(by values: [Double]) {
    precondition(values.count == 3 * width * height, "an image keeps its size")
    storage = .values(values)
  }

  private var quantized: [UInt8] {
    switch storage {
    case .pixels(let samples): samples
    case .values(let values): Self.quantized(values)
    }
  }

  private static func levels(_ samples: [UInt8]) -> [Double] {
    unsafe [Double](unsafeUninitializedCapacity: samples.count) { buffer, count in
      unsafe cf_levels(samples, samples.count, buffer.baseAddress)
      count = samples.count
    }
  }

  private static func quantized(_ values: [Double]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: values.count) { buffer, count in
      unsafe cf_quantize(values, values.count, buffer.baseAddress)
      count = values.count
    }
  }
}
