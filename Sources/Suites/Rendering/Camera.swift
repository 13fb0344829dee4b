internal import Foundation
internal import Imaging
internal import TensorCore

/// What lies between a scene and its 8-bit picture: light, lens, sensor.
struct Camera {
  /// Standard deviations in pixels of the lens blur across and down.
  var blur = Point(0, 0)
  /// Factor on the light.
  var exposure: Float = 1
  /// Factor on the distance from mid-grey.
  var contrast: Float = 1
  /// Factor per channel: the colour of the light.
  var tint = Colour(1, 1, 1)
  /// How much darker the corners are.
  var vignette: Float = 0
  /// Light falling off in one direction: the relative difference from the centre to the border.
  var slope = Point(0, 0)
  /// Standard deviation of the sensor's noise, with 1 for white.
  var noise: Float = 0

  /// A camera whose every property is drawn; `strength` scales how far it strays from a perfect one.
  static func random(_ strength: Float, using random: inout KeyedRandom) -> Camera {
    var camera = Camera()
    let blur = random.float(0.2...0.5 + 0.5 * strength)
    camera.blur = Point(blur, blur)
    camera.exposure = exp(random.spread(0.2 * strength))
    camera.contrast = 1 + random.spread(0.15 * strength)
    let warmth = random.spread(0.08 * strength)
    let green = random.spread(0.04 * strength)
    camera.tint = Colour(1 + warmth, 1 + green, 1 - warmth)
    camera.vignette = random.float(0...0.3) * strength
    camera.slope = Point(random.spread(0.12 * strength), random.spread(0.12 * strength))
    camera.noise = random.float(0.005...0.01 + 0.025 * strength)
    return camera
  }

  /// Takes the picture.
  func develop(_ canvas: Canvas, using random: inout KeyedRandom) -> PixelImage {
    var canvas = canvas
    if blur.x > 0.2 { canvas.blur(blur.x, step: 1) }
    if blur.y > 0.2 { canvas.blur(blur.y, step: canvas.width) }
    var bits = FastBits(&random)
    let gain = tint * exposure
    let half = Point(Float(canvas.width), Float(canvas.height)) * 0.5
    let grain = noise * 1.2247  // two uniforms have a standard deviation of sqrt(2/3)
    var bytes = [UInt8](repeating: 0, count: canvas.pixels.count * 3)
    for y in 0..<canvas.height {
      let down = (Float(y) + 0.5 - half.y) / half.y
      for x in 0..<canvas.width {
        let across = (Float(x) + 0.5 - half.x) / half.x
        let light =
          (1 - vignette * 0.5 * (across * across + down * down))
          * (1 + slope.x * across + slope.y * down)
        let index = y * canvas.width + x
        var colour = canvas.pixels[index] * gain * light
        colour = (colour - Colour(repeating: 0.5)) * contrast + Colour(repeating: 0.5)
        let first = bits.next()
        let second = bits.next()
        let draws = SIMD4<Float>(
          SIMD4<Int32>(
            Int32(truncatingIfNeeded: (first & 0xffff) + (second & 0xffff)),
            Int32(truncatingIfNeeded: (first >> 16 & 0xffff) + (second >> 16 & 0xffff)),
            Int32(truncatingIfNeeded: (first >> 32 & 0xffff) + (second >> 32 & 0xffff)), 65536))
        colour += (draws * 0x1p-15 - Colour(repeating: 2)) * grain
        let scaled = pointwiseMin(pointwiseMax(colour, Colour.zero), Colour(repeating: 1)) * 255
        // Adding 2^23 leaves the rounded integer in the low bits of the significand.
        let rounded = scaled + Colour(repeating: 0x1p23)
        bytes[index * 3] = UInt8(truncatingIfNeeded: rounded.x.bitPattern)
        bytes[index * 3 + 1] = UInt8(truncatingIfNeeded: rounded.y.bitPattern)
        bytes[index * 3 + 2] = UInt8(truncatingIfNeeded: rounded.z.bitPattern)
      }
    }
    return PixelImage(width: canvas.width, height: canvas.height, pixels: bytes)
  }
}

extension Canvas {
  /// Gaussian blur along rows (`step` 1) or columns (`step` the width), the border repeated.
  mutating func blur(_ sigma: Float, step: Int) {
    let taps = gaussianTaps(sigma)
    let radius = taps.count - 1
    let count = step == 1 ? width : height
    let lines = step == 1 ? height : width
    let lineStep = step == 1 ? width : 1
    var line = [Colour](repeating: .zero, count: count + 2 * radius)
    for number in 0..<lines {
      let base = number * lineStep
      for index in 0..<count { line[index + radius] = pixels[base + index * step] }
      for index in 0..<radius {
        line[index] = line[radius]
        line[count + radius + index] = line[count + radius - 1]
      }
      for index in 0..<count {
        var sum = line[index + radius] * taps[0]
        for tap in 1...radius {
          sum += (line[index + radius - tap] + line[index + radius + tap]) * taps[tap]
        }
        pixels[base + index * step] = sum
      }
    }
  }

  mutating func blur(_ sigma: Float) {
    guard sigma > 0.2 else { return }
    blur(sigma, step: 1)
    blur(sigma, step: width)
  }
}
