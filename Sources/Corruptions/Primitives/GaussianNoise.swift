internal import Configuration
internal import TensorCore

/// Adds normal noise to every sample: `x + sigma n`.
struct GaussianNoise: CorruptionPrimitive {
  static let name = "gaussian_noise"
  static let summary = "adds normal noise of standard deviation `sigma` (of 0...1) to every sample"

  /// Of the range 0...1.
  let sigma: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    sigma = try parameters.double("sigma", in: 0...10)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    image.modifyValues { values in
      for range in DrawChunks(values.count) {
        add(random.normals(range.count), to: &values, in: range)
      }
    }
  }

  /// - Parameter noise: standard normal, one for each sample of `range`.
  func add(_ noise: [Double], to values: inout [Double], in range: Range<Int>) {
    let sigma = sigma
    var samples = values.mutableSpan
    for index in range { samples[index] += sigma * noise[index - range.lowerBound] }
  }
}
