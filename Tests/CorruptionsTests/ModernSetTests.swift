import Configuration
import Corruptions
import Foundation
import Imaging
import TensorCore
import TestSupport
import Testing

/// The recipes of corruptions/modern, with the family that each is listed in.
private let families = [
  "white_balance": "camera", "gamma": "camera", "dead_columns": "camera",
  "iso_noise": "camera", "low_light": "camera", "rain": "weather",
  "color_quantization": "digital", "bit_error": "digital", "mosaic": "occlusion",
  "stickers": "occlusion",
]
private let names = families.keys.sorted()

/// One line of modern_hashes.csv: what the second implementation makes of a test image.
struct ModernGolden: Sendable, CustomTestStringConvertible {
  let width, height: Int
  let corruption: String
  let severity: Int
  let seed: UInt32
  let hash: String

  var testDescription: String { "\(corruption) \(severity), \(width) x \(height)" }

  static let all: [ModernGolden] = {
    guard let data = try? golden("modern_hashes.csv") else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
      let field = line.split(separator: ",").map(String.init)
      return ModernGolden(
        width: Int(field[0])!, height: Int(field[1])!, corruption: field[2],
        severity: Int(field[3])!, seed: UInt32(field[4])!, hash: field[5])
    }
  }()
}

@Suite("The modern set")
struct ModernSetTests {
  @Test("Every pixel equals the second implementation's", arguments: ModernGolden.all)
  func equality(golden: ModernGolden) throws {
    let corruption = try library.get().corruption(golden.corruption)
    var random = NumPyRandom(seed: golden.seed)
    let result = try corruption.apply(
      to: testImage(width: golden.width, height: golden.height), severity: golden.severity,
      random: &random)
    #expect(ContentHash(of: result.pixels).description == golden.hash)
  }

  @Test("The goldens cover every severity of every recipe in two sizes")
  func coverage() {
    #expect(ModernGolden.all.count == names.count * 5 * 2)
    #expect(Set(ModernGolden.all.map(\.corruption)) == Set(names))
  }

  @Test("Each is in every profile, in its family", arguments: names)
  func listed(name: String) throws {
    let library = try library.get()
    for profile in library.profiles {
      let corruption = try library.corruption(name, profile: profile)
      #expect(corruption.family == families[name] && corruption.severities.count == 5)
    }
  }

  @Test("The random field alone decides the pixels", arguments: names)
  func field(name: String) throws {
    let corruption = try library.get().corruption(name)
    let image = testImage(width: 40, height: 33)
    for severity in Corruption.severityRange {
      var recorder = Recorder(KeyedRandom(seed: 7, "x"))
      let first = try corruption.apply(to: image, severity: severity, random: &recorder)
      #expect(recorder.fields.isEmpty == (name == "color_quantization"))
      var replay = Replay(fields: recorder.fields)
      let second = try corruption.apply(to: image, severity: severity, random: &replay)
      #expect(replay.fields.isEmpty)
      #expect(first == second)
    }
  }

  @Test(
    "The image moves farther from the original with every severity, on average", arguments: names)
  func severities(name: String) throws {
    let corruption = try library.get().corruption(name)
    let image = testImage(width: 224, height: 200)
    let distances = try Corruption.severityRange.map { severity in
      try (0..<24).reduce(0.0) { sum, index in
        var random = corruption.random(seed: 5, severity: severity, sample: "\(index)")
        let result = try corruption.apply(to: image, severity: severity, random: &random)
        return sum + meanDistance(result, image) / 24
      }
    }
    #expect(distances.first! > 0.5)
    #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 }, "\(distances)")
  }

  @Test("Images of one pixel, one row and one column come through", arguments: names)
  func tiny(name: String) throws {
    let corruption = try library.get().corruption(name)
    for (width, height) in [(1, 1), (2, 1), (17, 1), (1, 17), (3, 2), (300, 2)] {
      let image = testImage(width: width, height: height)
      for severity in Corruption.severityRange {
        var random = corruption.random(seed: 1, severity: severity, sample: "x")
        let result = try corruption.apply(to: image, severity: severity, random: &random)
        #expect(result.width == width && result.height == height)
      }
    }
  }

  @Test("Another seed gives other pixels", arguments: names.filter { $0 != "color_quantization" })
  func seeds(name: String) throws {
    let corruption = try library.get().corruption(name)
    let image = testImage(width: 64, height: 64)
    let results = try (0..<8).map { seed in
      var random = corruption.random(seed: UInt64(seed), severity: 4, sample: "x")
      return try corruption.apply(to: image, severity: 4, random: &random).pixels
    }
    #expect(Set(results).count > 1)
  }

  @Test("Parameters beyond their ranges are refused", arguments: Self.faulty)
  func faults(step: String, field: String, expected: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try corruption(step) }
    #expect(
      "\(error!)".hasSuffix(":4: profile any, severity 1, pipeline[0].\(field): \(expected)"))
  }

  static let faulty: [(String, String, String)] = [
    ("op: color_quantization, bits: 0", "bits", "is 0; it must be an integer from 1 to 8"),
    ("op: gamma, exponent: .5", "exponent", "is .5; it must be a number from 1 to 20"),
    (
      "op: gamma, exponent: 2, direction: up", "direction",
      "unknown name 'up'; possible names: darker, brighter, either"
    ),
    ("op: white_balance, cast: -1", "cast", "is -1; it must be a number from 0 to 8"),
    ("op: white_balance, cast: 1, tint: 2", "tint", "is 2; it must be a number from 0 to 1"),
    ("op: low_light, scale: 1.5", "scale", "is 1.5; it must be a number from 0 to 1"),
    ("op: dead_columns, share: 1.1", "share", "is 1.1; it must be a number from 0 to 1"),
    ("op: bit_error, rate: .6", "rate", "is .6; it must be a number from 0 to 0.5"),
    (
      "op: bit_error, rate: 0, quality: 0", "quality", "is 0; it must be an integer from 1 to 100"
    ),
    (
      "op: rain, density: 5, length: .1, opacity: .5, veil: 0", "density",
      "is 5; it must be a number from 0 to 4"
    ),
    (
      "op: poisson_gaussian_noise, photons: 0, sigma: 0", "photons",
      "is 0; it must be a number from 0.1 to 100000"
    ),
    ("op: mosaic, tiles: .5", "tiles", "is .5; it must be a number from 1 to 10000"),
    ("op: mosaic, tiles: 8, pictures: 0", "pictures", "is 0; it must be an integer from 1 to 256"),
    ("op: stickers, cover: 1", "cover", "is 1; it must be a number from 0 to 0.95"),
    (
      "op: stickers, cover: .1, sizes: [.2, .1]", "sizes",
      "the first is above the second; give the smaller one first"
    ),
  ]
}
