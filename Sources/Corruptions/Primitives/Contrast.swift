internal import Configuration

/// Draws every channel towards its mean: `(x - mean) factor + mean`.
struct Contrast: CorruptionPrimitive {
  static let name = "contrast"
  static let summary = "multiplies the distance of every sample to its channel's mean by `factor`"

  let factor: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    factor = try parameters.double("factor", in: 0...100)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    if image.isQuantized {
      image.modifyPixels(scale)
    } else {
      image.modifyValues(scale)
    }
  }

  private func scale(_ values: inout [Double]) {
    let means = Self.means(values.count / 3) { values[$0] }
    for index in stride(from: 0, to: values.count, by: 3) {
      for channel in 0..<3 {
        let mean = means[channel]
        values[index + channel] = (values[index + channel] - mean) * factor + mean
      }
    }
  }

  /// The same for 8-bit samples, by a table for each channel.
  private func scale(_ samples: inout [UInt8]) {
    let levels = (0..<256).map { Double($0) / 255 }
    let means = Self.means(samples.count / 3) { levels[Int(samples[$0])] }
    let tables = means.map { mean in
      levels.map { UInt8(min(max(($0 - mean) * factor + mean, 0), 1) * 255) }
    }
    let (red, green, blue) = (tables[0], tables[1], tables[2])
    for index in stride(from: 0, to: samples.count, by: 3) {
      samples[index] = red[Int(samples[index])]
      samples[index + 1] = green[Int(samples[index + 1])]
      samples[index + 2] = blue[Int(samples[index + 2])]
    }
  }

  /// The means of the channels, each summed pixel by pixel: the order that NumPy takes, and
  /// truncation makes it visible.
  @inline(__always)
  private static func means(_ pixelCount: Int, _ value: (Int) -> Double) -> [Double] {
    var (red, green, blue) = (0.0, 0.0, 0.0)
    for index in stride(from: 0, to: 3 * pixelCount, by: 3) {
      red += value(index)
      green += value(index + 1)
      blue += value(index + 2)
    }
    let count = Double(pixelCount)
    return [red / count, green / count, blue / count]
  }
}
