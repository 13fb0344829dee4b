/// Red, green, blue in 0...1 and, for what is painted, opacity.
typealias Colour = SIMD4<Float>

extension SIMD4<Float> {
  init(_ red: Float, _ green: Float, _ blue: Float) { self.init(red, green, blue, 1) }

  static func grey(_ level: Float) -> Colour { Colour(level, level, level, 1) }

  /// - Parameters:
  ///   - hue: in turns; 0 is red, 1/3 green, 2/3 blue.
  ///   - saturation: 0...1.
  ///   - value: 0...1, the largest channel.
  init(hue: Float, saturation: Float, value: Float) {
    func channel(_ offset: Float) -> Float {
      let sixth = (offset + hue * 6).truncatingRemainder(dividingBy: 6)
      let position = sixth < 0 ? sixth + 6 : sixth
      return value - value * saturation * Swift.max(0, Swift.min(position, 4 - position, 1))
    }
    self.init(channel(5), channel(3), channel(1), 1)
  }

  func opacity(_ opacity: Float) -> Colour { Colour(x, y, z, opacity) }

  /// The colour in more or less light; opacity stays.
  func lit(_ factor: Float) -> Colour { Colour(x * factor, y * factor, z * factor, w) }

  @inline(__always)
  func mixed(_ other: Colour, _ amount: Float) -> Colour { self + (other - self) * amount }

  var luminance: Float { 0.299 * x + 0.587 * y + 0.114 * z }
}

/// A picture being painted: paths with exact edge coverage, gradients and textures, back to front.
struct Canvas {
  let width: Int
  let height: Int
  /// Row-major.
  var pixels: [Colour]
  /// Where path coordinates lie on the canvas; the identity is one unit per pixel.
  var transform = Affine()
  private var rasterizer: Rasterizer

  init(_ colour: Colour, width: Int = SuiteRenderer.side, height: Int = SuiteRenderer.side) {
    self.width = width
    self.height = height
    pixels = [Colour](repeating: colour, count: width * height)
    rasterizer = Rasterizer(width: width, height: height)
  }

  /// Runs `body` with paths in `frame`.
  @inline(__always)
  mutating func within(_ frame: Affine, _ body: (inout Canvas) -> Void) {
    let outer = transform
    transform = frame
    body(&self)
    transform = outer
  }

  mutating func fill(_ path: Path, _ colour: Colour) {
    rasterizer.add(path, transform)
    let opacity = colour.w
    let width = width
    rasterizer.drain { x, y, coverage in
      let index = y * width + x
      pixels[index] += (colour - pixels[index]) * (coverage * opacity)
    }
  }

  /// Fills with a gradient that is `from` at `start` and `to` at `end`, points of the present frame.
  mutating func fill(
    _ path: Path, from: Colour, at start: Point, to: Colour, at end: Point
  ) {
    rasterizer.add(path, transform)
    let origin = transform(start)
    let axis = transform(end) - origin
    let step = axis / max(axis.x * axis.x + axis.y * axis.y, 1e-6)
    let width = width
    rasterizer.drain { x, y, coverage in
      let index = y * width + x
      let offset = Point(Float(x) + 0.5, Float(y) + 0.5) - origin
      let t = min(max(offset.x * step.x + offset.y * step.y, 0), 1)
      let colour = from + (to - from) * t
      pixels[index] += (colour - pixels[index]) * (coverage * colour.w)
    }
  }

  /// Lets `texture`, a canvas of the same size, show through the path.
  mutating func fill(_ path: Path, with texture: Canvas, opacity: Float = 1) {
    precondition(texture.pixels.count == pixels.count, "canvases of one size")
    rasterizer.add(path, transform)
    let width = width
    rasterizer.drain { x, y, coverage in
      let index = y * width + x
      pixels[index] += (texture.pixels[index] - pixels[index]) * (coverage * opacity)
    }
  }

  /// Fills the whole canvas with a vertical gradient.
  mutating func fillSky(_ top: Colour, _ bottom: Colour, to row: Float) {
    for y in 0..<height {
      let colour = top.mixed(bottom, min(Float(y) / max(row, 1), 1))
      for x in 0..<width { pixels[y * width + x] = colour }
    }
  }

  /// Darkens (or, with a light `colour`, lightens) what lies under the path's blurred image.
  mutating func shade(
    _ path: Path, offset: Point = Point(0, 0), softness: Float, _ colour: Colour
  ) {
    var shadow = Field(width: width, height: height)
    var moved = transform
    moved.origin += offset
    rasterizer.add(path, moved)
    let width = width
    rasterizer.drain { x, y, coverage in shadow.values[y * width + x] = coverage }
    shadow.blur(softness)
    for index in pixels.indices {
      let amount = shadow.values[index] * colour.w
      if amount > 0.002 { pixels[index] += (colour - pixels[index]) * amount }
    }
  }

  /// Multiplies every pixel by `1 + amount * field`.
  mutating func modulate(_ field: Field, _ amount: Float) {
    precondition(field.values.count == pixels.count, "a field of the canvas's size")
    for index in pixels.indices {
      pixels[index] *= 1 + amount * field.values[index]
    }
  }

  /// Mixes in `colour` where `field` exceeds `threshold`, fully from `threshold + softness` on.
  mutating func blend(
    _ colour: Colour, where field: Field, above threshold: Float, softness: Float
  ) {
    precondition(field.values.count == pixels.count, "a field of the canvas's size")
    let slope = 1 / max(softness, 1e-4)
    for index in pixels.indices {
      let amount = min(max((field.values[index] - threshold) * slope, 0), 1) * colour.w
      pixels[index] += (colour - pixels[index]) * amount
    }
  }
}
