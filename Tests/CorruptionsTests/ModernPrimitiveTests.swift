import Corruptions
import Foundation
import Imaging
import TensorCore
import TestSupport
import Testing

/// A corruption of one step, the same at every severity: `op: gamma, exponent: 2`.
func corruption(_ step: String) throws -> Corruption {
  let folder = try TemporaryFolder()
  try folder.write(
    "family: a\nsummary: b\nsource: ours\npipeline: [{\(step)}]\nseverities: {}\n", to: "one.yaml")
  return try RecipeLibrary(directory: folder.path).corruption("one")
}

/// The mean distance of two images' samples, in levels.
func meanDistance(_ first: PixelImage, _ second: PixelImage) -> Double {
  let sum = zip(first.pixels, second.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
  return Double(sum) / Double(first.pixels.count)
}

/// The image after `step`, with keyed draws.
private func apply(_ step: String, to image: PixelImage, seed: UInt64 = 0) throws -> PixelImage {
  var random = KeyedRandom(seed: seed, "x")
  return try corruption(step).apply(to: image, severity: 1, random: &random)
}

@Suite("Primitives of the modern set")
struct ModernPrimitiveTests {
  private let image = testImage(width: 70, height: 50)

  @Test(
    "At strength 0 the image stays",
    arguments: [
      "op: color_quantization, bits: 8", "op: gamma, exponent: 1", "op: white_balance, cast: 0",
      "op: dead_columns, share: 0", "op: stickers, cover: 0",
      "op: rain, density: 0, length: .1, opacity: 1, veil: 0",
    ])
  func nothing(step: String) throws {
    #expect(try apply(step, to: image) == image)
  }

  @Test("Quantised samples keep their highest bits")
  func quantized() throws {
    let result = try apply("op: color_quantization, bits: 3", to: image)
    #expect(result.pixels == image.pixels.map { $0 & 0b1110_0000 })
  }

  @Test("A gamma goes one way, or either by a draw")
  func gamma() throws {
    let grey = PixelImage(width: 1, height: 1, color: (128, 128, 128))
    let step = "op: gamma, exponent: 2, direction:"
    #expect(try apply("\(step) darker", to: grey).pixels == [64, 64, 64])
    #expect(try apply("\(step) brighter", to: grey).pixels == [180, 180, 180])
    let either = try (0..<20).map { try apply("\(step) either", to: grey, seed: $0).pixels[0] }
    #expect(Set(either) == [64, 180])
  }

  @Test("A curve on doubles is that on 8 bits, up to a level")
  func doubles() throws {
    let folder = try TemporaryFolder()
    let curve = "{op: gamma, exponent: 1.7, direction: darker}"
    let head = "family: a\nsummary: b\nsource: ours\nseverities: {}\n"
    try folder.write(head + "pipeline: [\(curve)]\n", to: "bytes.yaml")
    try folder.write(
      head + "pipeline: [{op: gaussian_noise, sigma: 0}, \(curve)]\n", to: "doubles.yaml")
    let library = try RecipeLibrary(directory: folder.path)
    let results = try ["bytes", "doubles"].map { name in
      var random = KeyedRandom(seed: 0, "x")
      return try library.corruption(name).apply(to: image, severity: 1, random: &random)
    }
    #expect(results[0] == results[1])
  }

  @Test("A cast turns grey warm or cool and keeps its luminance")
  func cast() throws {
    let grey = PixelImage(width: 1, height: 1, color: (100, 100, 100))
    func light(_ level: UInt8) -> Double { pow((Double(level) / 255 + 0.055) / 1.055, 2.4) }
    var sides: Set<Bool> = []
    for seed in 0..<16 {
      let pixel = try apply("op: white_balance, cast: 1", to: grey, seed: UInt64(seed)).pixels
      let luminance =
        0.2126 * light(pixel[0]) + 0.7152 * light(pixel[1]) + 0.0722 * light(pixel[2])
      // A level that is cut off is some 2 percent of this light.
      #expect(abs(luminance / light(100) - 1) < 0.025)
      #expect(abs(log2(light(pixel[0]) / light(pixel[2]))) > 0.9)
      sides.insert(pixel[0] > pixel[2])
    }
    #expect(sides == [true, false])
  }

  @Test("Low light stretches, squares and scales; an image of one level is only darkened")
  func lowLight() throws {
    let step = "op: low_light, scale: .5"
    let dark = try apply(step, to: PixelImage(width: 1, height: 1, pixels: [50, 100, 150]))
    // 0, a half and 1 of the range.
    #expect(dark.pixels == [0, UInt8(0.125 * 255), UInt8(0.5 * 255)])
    let flat = try apply(step, to: PixelImage(width: 3, height: 1, color: (204, 204, 204)))
    #expect(Set(flat.pixels) == [UInt8(0.8 * 0.8 * 0.5 * 255)])
  }

  @Test("The share of dead columns is exact, and a bright share can be had")
  func deadColumns() throws {
    for (bright, level) in [("0", UInt8(0)), ("1", 255)] {
      let grey = PixelImage(width: 50, height: 3, color: (99, 98, 97))
      let result = try apply("op: dead_columns, share: .1, bright: \(bright)", to: grey)
      for row in 0..<3 {
        let pixels = result.pixels[150 * row..<150 * (row + 1)]
        #expect(pixels.count { $0 == level } == 15 && pixels.count { $0 == 98 } == 45)
      }
    }
    let pixel = try apply(
      "op: dead_columns, share: .001",
      to: PixelImage(
        width: 1, height: 1, color: (9, 9, 9)))
    #expect(pixel.pixels[0] == 0 || pixel.pixels[0] == 255)
  }

  @Test("Stickers cover their share, and not much more", arguments: [0.1, 0.4, 0.9])
  func stickers(cover: Double) throws {
    // Every sticker is brighter than half of its edge on black.
    let black = PixelImage(width: 200, height: 150, color: (0, 0, 0))
    for seed in 0..<5 {
      let result = try apply("op: stickers, cover: \(cover)", to: black, seed: UInt64(seed))
      let covered = (0..<30_000).count { pixel in
        result.pixels[3 * pixel..<3 * pixel + 3].reduce(0) { $0 + Int($1) } > 90
      }
      #expect((cover - 0.01...cover + 0.06).contains(Double(covered) / 30_000))
    }
  }

  @Test("The tiles of a mosaic keep the mean colours of the image")
  func mosaic() throws {
    let picture = testImage(width: 96, height: 64)
    // Tiles of 8 x 8 pixels.
    let result = try apply("op: mosaic, tiles: 8", to: picture)
    #expect(meanDistance(result, picture) > 5)
    let means = [picture, result].map { $0.resized(width: 12, height: 8, filter: .box) }
    #expect(zip(means[0].pixels, means[1].pixels).allSatisfy { abs(Int($0) - Int($1)) <= 3 })
  }

  @Test("Rain brightens the dark, before a veil that reaches everything")
  func rain() throws {
    let black = PixelImage(width: 90, height: 60, color: (0, 0, 0))
    let dry = try apply("op: rain, density: .2, length: .1, opacity: .8, veil: 0", to: black)
    let wet = dry.pixels.count { $0 > 0 }
    #expect(wet > 1000 && wet < 9000)
    let veiled = try apply("op: rain, density: .2, length: .1, opacity: .8, veil: .2", to: black)
    #expect(veiled.pixels.min()! == UInt8(0.2 * 0.7 * 255))
  }
}

@Suite("Bit errors")
struct BitErrorTests {
  @Test("Without errors it is JPEG compression")
  func whole() throws {
    let image = testImage(width: 75, height: 53)
    for restart in [0, 1, 3] {
      let result = try apply("op: bit_error, rate: 0, restart: \(restart)", to: image)
      #expect(try result == JPEGCodec.roundTrip(image, quality: 75))
    }
  }

  @Test("No stream is refused, however wrong", arguments: [0, 1, 2])
  func tolerance(restart: Int) throws {
    for rate in ["1e-4", "1e-3", ".01", ".1", ".5"] {
      let corruption = try corruption("op: bit_error, rate: \(rate), restart: \(restart)")
      for (width, height) in [(1, 1), (64, 48), (100, 17)] {
        let image = testImage(width: width, height: height)
        for seed in 0..<60 {
          var random = KeyedRandom(seed: UInt64(seed), rate)
          let result = try corruption.apply(to: image, severity: 1, random: &random)
          #expect(result.width == width && result.height == height)
        }
      }
    }
  }

  @Test("A flip leaves what stands before it")
  func before() throws {
    let image = testImage(width: 64, height: 160)
    let clean = try JPEGCodec.roundTrip(image, quality: 75)
    // One flip, in the middle of the stream.
    var replay = Replay(fields: [[0.5]])
    let result = try corruption("op: bit_error, rate: 1e-9, restart: 0")
      .apply(to: image, severity: 1, random: &replay)
    let rowLength = 3 * 64
    let intact = (0..<160).prefix { row in
      let range = row * rowLength..<(row + 1) * rowLength
      return result.pixels[range] == clean.pixels[range]
    }.count
    #expect((32..<128).contains(intact))
  }

  @Test("Restart markers keep the damage in a row of blocks")
  func restart() throws {
    let image = testImage(width: 64, height: 160)
    let clean = try JPEGCodec.roundTrip(image, quality: 75)
    let corruption = try corruption("op: bit_error, rate: 1e-9, restart: 1")
    var damaged: [Int] = []
    for place in stride(from: 0.02, to: 1, by: 0.02) {
      var replay = Replay(fields: [[place]])
      let result = try corruption.apply(to: image, severity: 1, random: &replay)
      damaged.append(
        (0..<160).count { row in
          (row * 192..<row * 192 + 192).contains { result.pixels[$0] != clean.pixels[$0] }
        })
    }
    // 16 rows of pixels and those that the smooth upsampling of colour reaches beyond them; a
    // marker that is hit itself may cost more.
    #expect(damaged.sorted()[damaged.count / 2] <= 18)
  }
}
