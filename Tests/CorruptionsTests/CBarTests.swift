import Corruptions
import Imaging
import TensorCore
import Testing

private let cBar = [
  "blue_noise_sample", "brownish_noise", "caustic_refraction", "checkerboard_cutout",
  "cocentric_sine_waves", "inverse_sparkles", "perlin_noise", "plasma_noise",
  "single_frequency_greyscale", "sparkles",
]

@Suite("ImageNet-C-bar")
struct CBarTests {
  private func corrupted(
    _ name: String, _ image: PixelImage, severity: Int, seed: UInt64 = 5
  ) throws -> PixelImage {
    let corruption = try library.get().corruption(name)
    // The same draws for every severity, so that these alone differ.
    var random = KeyedRandom(seed: seed, "draws")
    return try corruption.apply(to: image, severity: severity, random: &random)
  }

  @Test("All ten are there, in every profile")
  func ten() throws {
    let library = try library.get()
    for profile in library.profiles {
      for name in cBar {
        let corruption = try library.corruption(name, profile: profile)
        #expect(corruption.family == "c-bar" && corruption.source.contains("ImageNet-C-bar"))
      }
    }
  }

  @Test("A seed gives the same pixels again, another one others", arguments: cBar)
  func seeds(name: String) throws {
    let image = testImage(width: 41, height: 36)
    let first = try corrupted(name, image, severity: 3)
    #expect(try corrupted(name, image, severity: 3) == first)
    #expect(try corrupted(name, image, severity: 3, seed: 6) != first)
  }

  @Test("The image keeps its size and moves farther with every severity", arguments: cBar)
  func severities(name: String) throws {
    let image = testImage(width: 64, height: 64)
    let distances = try Corruption.severityRange.map { severity in
      let result = try corrupted(name, image, severity: severity)
      #expect(result.width == 64 && result.height == 64)
      return zip(result.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    #expect(distances.first! > 0)
    #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 }, "\(distances)")
  }

  @Test("Images of one pixel, one row, one column and odd sides come through", arguments: cBar)
  func tiny(name: String) throws {
    for (width, height) in [(1, 1), (17, 1), (1, 17), (3, 2), (13, 29)] {
      let image = testImage(width: width, height: height)
      for severity in Corruption.severityRange {
        let result = try corrupted(name, image, severity: severity)
        #expect(result.width == width && result.height == height)
      }
    }
  }

  @Test("Blue noise blackens pixels and changes no others")
  func sample() throws {
    let image = testImage(width: 40, height: 40)
    let result = try corrupted("blue_noise_sample", image, severity: 5)
    for pixel in 0..<40 * 40 {
      let samples = 3 * pixel..<3 * pixel + 3
      let (before, after) = (Array(image.pixels[samples]), Array(result.pixels[samples]))
      #expect(after == before || after == [0, 0, 0])
    }
  }
}
