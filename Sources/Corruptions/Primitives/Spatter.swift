internal import CFilters
internal import Configuration
internal import Foundation
internal import TensorCore

/// Splashes of water or mud: blobs of smoothed normal noise; water brightens and has lit rims, mud
/// covers.
struct Spatter: CorruptionPrimitive {
  static let name = "spatter"
  static let summary = "splashes of water or mud where smoothed normal noise is high"

  enum Liquid: String, CaseIterable { case water, mud }
  /// In which the mud's colour is added; whether it was depends on the published code.
  enum Precision: String, CaseIterable { case double, single }

  /// Mean and standard deviation of the noise.
  let loc, scale: Double
  /// How far the noise is smoothed, in pixels.
  let sigma: Double
  /// Noise below this is dry.
  let threshold: Double
  /// Water: its strength. Mud: how far its edge is smoothed, in pixels.
  let level: Double
  let liquid: Liquid
  let precision: Precision

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    loc = try parameters.double("loc", in: 0...1)
    scale = try parameters.double("scale", in: 0...10)
    sigma = try parameters.double("sigma", in: 0.1...100)
    threshold = try parameters.double("threshold", in: 0...1)
    level = try parameters.double("level", in: 0...100)
    liquid = try parameters.choice("liquid", of: Liquid.self)
    precision = try parameters.choice("precision", of: Precision.self, default: .double)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let noise = random.normals(width * height)
    image.modifyPixels { splash(&$0, width: width, height: height, noise: noise) }
  }

  /// - Parameter noise: standard normal, one for each pixel.
  func splash(_ samples: inout [UInt8], width: Int, height: Int, noise: [Double]) {
    var layer = noise
    for index in layer.indices { layer[index] = loc + scale * layer[index] }
    GaussianFilter(sigma: sigma).apply(to: &layer, width: width, height: height)
    switch liquid {
    case .water: addWater(to: &samples, layer: layer, width: width, height: height)
    case .mud: addMud(to: &samples, layer: layer, width: width, height: height)
    }
  }

  /// Pale turquoise, brightest along the rims of the blobs. Where nothing is wet the reference
  /// divides by zero and blackens the image; here it stays.
  private func addWater(to samples: inout [UInt8], layer: [Double], width: Int, height: Int) {
    var wet = [UInt8](repeating: 0, count: layer.count)
    unsafe cf_wet(layer, threshold, layer.count, &wet)
    let rims = Canny.edges(in: wet, width: width, height: height, low: 50, high: 150)
    let distances = DistanceTransform.distances(to: rims, width: width, height: height, limit: 20)
    var relief = ByteFilters.truncatedBlur(distances, width: width, height: height)
    relief = ByteFilters.equalizeHistogram(relief)
    relief = ByteFilters.correlate(
      relief, width: width, height: height, kernel: [-2, -1, 0, -1, 1, 1, 0, 1, 2])
    relief = ByteFilters.blur(relief, width: width, height: height)
    let color = [Float(175 / 255.0), Float(238 / 255.0), Float(238 / 255.0)]
    unsafe cf_shine(wet, relief, Float(level), color, wet.count, &samples)
  }

  /// Brown, opaque inside the blobs.
  private func addMud(to samples: inout [UInt8], layer: [Double], width: Int, height: Int) {
    var cover = layer.map { $0 > threshold ? 1.0 : 0 }
    GaussianFilter(sigma: level, precision: .single)
      .apply(to: &cover, width: width, height: height)
    let color = [63 / 255.0, 42 / 255.0, 20 / 255.0]
    for (pixel, smoothed) in cover.enumerated() {
      let opacity = Float(smoothed) < 0.8 ? 0 : smoothed
      // Dry pixels take part: in mixed precision they can lose a level.
      for channel in 0..<3 {
        let index = 3 * pixel + channel
        let rest = Float(samples[index]) / 255 * (1 - Float(opacity))
        switch precision {
        case .double:
          let sum = Double(rest) + color[channel] * opacity
          samples[index] = UInt8(min(max(sum, 0), 1) * 255)
        case .single:
          let sum = rest + Float(color[channel]) * Float(opacity)
          samples[index] = UInt8(min(max(sum, 0), 1) * 255)
        }
      }
    }
  }
}
