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
    let noise = random.normals(3 * image.width * image.height)
    image.modifyValues { add(noise, to: &$0) }
  }

  /// - Parameter noise: standard normal, one for each sample.
  func add(_ noise: [Double], to values: inout [Double]) {
    for index in values.indices { values[index] += sigma * noise[index] }
  }
}
