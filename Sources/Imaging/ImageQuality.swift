internal import Foundation

/// How near one image is to another of the same size, as scikit-image measures it
/// (`skimage.metrics`, for 8-bit images).
public enum ImageQuality {
  /// The side of the windows in which structure is compared, in pixels.
  public static let windowSide = 7

  /// The peak signal-to-noise ratio in dB over all samples, `10 log10(255^2 / MSE)`; infinite for
  /// equal images. As `peak_signal_noise_ratio(first, second)`.
  public static func psnr(_ first: PixelImage, _ second: PixelImage) -> Double {
    precondition(first.isSameSize(as: second), "images of one size")
    let (a, b) = (first.pixels.span, second.pixels.span)
    var sum = 0
    for index in a.indices {
      let difference = Int(a[index]) - Int(b[index])
      sum += difference * difference
    }
    return 10 * log10(255.0 * 255 / (Double(sum) / Double(a.count)))
  }

  /// The structural similarity (Wang et al. 2004), up to 1 for equal images: the mean over windows
  /// of 7 x 7 pixels and the three channels. As `structural_similarity(first, second,
  /// channel_axis=2)`.
  ///
  /// - Returns: nil for images that are smaller than a window.
  public static func ssim(_ first: PixelImage, _ second: PixelImage) -> Double? {
    precondition(first.isSameSize(as: second), "images of one size")
    guard min(first.width, first.height) >= windowSide else { return nil }
    let means = (0..<3).map { channel in
      similarity(
        first.pixels.span, second.pixels.span, channel: channel, width: first.width,
        height: first.height)
    }
    return means.reduce(0, +) / 3
  }

  /// Sums over a window or a column of it; integers, so that sliding loses nothing.
  private struct Sums {
    var a = 0
    var b = 0
    var aa = 0
    var bb = 0
    var ab = 0

    mutating func add(_ other: Sums, times sign: Int) {
      a += sign * other.a
      b += sign * other.b
      aa += sign * other.aa
      bb += sign * other.bb
      ab += sign * other.ab
    }

    mutating func add(_ first: Int, _ second: Int, times sign: Int) {
      a += sign * first
      b += sign * second
      aa += sign * first * first
      bb += sign * second * second
      ab += sign * first * second
    }

    /// With the unbiased covariance of the window.
    var similarity: Double {
      let count = Double(windowSide * windowSide)
      let (c1, c2) = (0.01 * 255 * 0.01 * 255, 0.03 * 255 * 0.03 * 255)
      let (meanA, meanB) = (Double(a) / count, Double(b) / count)
      let scale = count / (count - 1)
      let varianceA = scale * (Double(aa) / count - meanA * meanA)
      let varianceB = scale * (Double(bb) / count - meanB * meanB)
      let covariance = scale * (Double(ab) / count - meanA * meanB)
      return (2 * meanA * meanB + c1) * (2 * covariance + c2)
        / ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2))
    }
  }

  private static func similarity(
    _ first: Span<UInt8>, _ second: Span<UInt8>, channel: Int, width: Int, height: Int
  ) -> Double {
    var columns = [Sums](repeating: Sums(), count: width)
    var total = 0.0
    for y in 0..<height {
      for x in 0..<width {
        let index = 3 * (y * width + x) + channel
        columns[x].add(Int(first[index]), Int(second[index]), times: 1)
        if y >= windowSide {
          let old = index - 3 * width * windowSide
          columns[x].add(Int(first[old]), Int(second[old]), times: -1)
        }
      }
      guard y >= windowSide - 1 else { continue }
      var window = Sums()
      for x in 0..<width {
        window.add(columns[x], times: 1)
        if x >= windowSide { window.add(columns[x - windowSide], times: -1) }
        if x >= windowSide - 1 { total += window.similarity }
      }
    }
    return total / Double((width - windowSide + 1) * (height - windowSide + 1))
  }
}

extension PixelImage {
  /// Whether both sides are equal.
  public func isSameSize(as other: PixelImage) -> Bool {
    (width, height) == (other.width, other.height)
  }
}
