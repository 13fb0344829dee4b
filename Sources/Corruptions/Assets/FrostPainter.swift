internal import Imaging
internal import TensorCore

/// Paints frost on a window pane: feathers of ice that grow from seeds, with side branches at 60
/// degrees on either side of every stem, over a cloudy film, lit from the upper left. Only the four
/// operations and square roots, so that the pictures are the same on every machine.
struct FrostPainter {
  static let width = 640
  static let height = 480

  private typealias Vector = SIMD2<Float>

  /// What sets the five pictures apart.
  private struct Style {
    /// Of the pane and of the ice, RGB.
    let pane, ice: SIMD3<Float>
    /// How many feathers there are, and how long their stems are, in pixels.
    let seeds: Int
    let lengths: ClosedRange<Float>
    /// How much of the pane the film covers, of 1, and how strong the light is.
    let film, light: Float
  }

  private static let styles = [
    Style(
      pane: [10, 66, 88], ice: [134, 206, 220], seeds: 60, lengths: 50...160, film: 0.75,
      light: 90),
    Style(
      pane: [128, 136, 146], ice: [240, 244, 252], seeds: 260, lengths: 40...150, film: 0.75,
      light: 110),
    Style(
      pane: [120, 128, 140], ice: [232, 238, 248], seeds: 500, lengths: 15...70, film: 0.8,
      light: 100),
    Style(
      pane: [58, 70, 84], ice: [218, 228, 240], seeds: 200, lengths: 20...90, film: 0.6,
      light: 110),
    Style(
      pane: [28, 36, 48], ice: [222, 230, 242], seeds: 190, lengths: 15...80, film: 0.4,
      light: 120),
  ]

  private let style: Style
  private var random: KeyedRandom
  /// How thick the film is, 0 to 1, `[height, width]`.
  private var film: [Float]
  /// How thick the feathers are, the same.
  private var feathers: [Float]

  /// - Parameter index: which of the pictures, 0 to 4.
  init(index: Int) {
    style = Self.styles[index]
    random = KeyedRandom(seed: 1, "frost", "\(index)")
    film = [Float](repeating: 0, count: Self.width * Self.height)
    feathers = film
  }

  func picture() -> PixelImage {
    var painter = self
    painter.freeze()
    for _ in 0..<style.seeds { painter.grow() }
    return painter.lit()
  }

  /// The film: a plasma fractal, whose torus repeats beyond its side.
  private mutating func freeze() {
    let fractal = PlasmaFractal(side: 512, decay: 1.75)
    let heights = fractal.heights(
      draws: random.uniforms(fractal.drawCount), columns: 512, rows: 512)
    for y in 0..<Self.height {
      for x in 0..<Self.width {
        film[y * Self.width + x] = style.film * Float(heights[(y & 511) * 512 + (x & 511)])
      }
    }
  }

  /// One seed with two to five feathers.
  private mutating func grow() {
    let seed = Vector(draw(in: 0...Float(Self.width)), draw(in: 0...Float(Self.height)))
    for _ in 0..<random.integer(in: 2..<6) {
      feather(from: seed, direction(), length: draw(in: style.lengths))
    }
  }

  /// A slightly bent stem and its branches, which shorten towards the tip.
  private mutating func feather(from seed: Vector, _ start: Vector, length: Float) {
    let pitch: Float = 5
    var (place, heading) = (seed, start)
    let bend = draw(in: -0.04...0.04)
    var grown: Float = 0
    while grown < length {
      let next = place + heading * pitch
      let left = 1 - grown / length
      stroke(from: place, to: next, width: 0.8 + 1.4 * left, strength: 0.45 + 0.5 * left)
      for side in [Float(-1), 1] {
        let reach = left * length * draw(in: 0.15...0.4)
        let tip = place + Self.turned(heading, side) * reach
        stroke(from: place, to: tip, width: 0.5 + 0.8 * left, strength: draw(in: 0.2...0.8))
        // Twigs stand along the stem's own direction again.
        let middle = (place + tip) * 0.5
        if reach > 8 {
          stroke(from: middle, to: middle + heading * (reach * 0.3), width: 0.6, strength: 0.5)
        }
      }
      heading = Self.unit(heading + Vector(-heading.y, heading.x) * bend)
      place = next
      grown += pitch
    }
  }

  /// A ridge that falls off to either side; the thicker of crossing ones stays.
  private mutating func stroke(from start: Vector, to end: Vector, width: Float, strength: Float) {
    let line = end - start
    let square = max((line * line).sum(), 1e-6)
    let low = pointwiseMin(start, end) - (width + 1)
    let high = pointwiseMax(start, end) + (width + 1)
    let (left, right) = (max(Int(low.x), 0), min(Int(high.x), Self.width - 1))
    let (top, bottom) = (max(Int(low.y), 0), min(Int(high.y), Self.height - 1))
    guard left <= right, top <= bottom else { return }
    var feathers = feathers.mutableSpan
    for y in top...bottom {
      for x in left...right {
        let offset = Vector(Float(x), Float(y)) - start
        let along = min(max((offset * line).sum() / square, 0), 1)
        let distance = offset - line * along
        let gap = 1 - (distance * distance).sum() / ((width + 1) * (width + 1))
        let place = y * Self.width + x
        feathers[place] = max(feathers[place], gap * strength)
      }
    }
  }

  /// The ice over the pane, brighter on slopes that face the upper left.
  private func lit() -> PixelImage {
    let (width, height) = (Self.width, Self.height)
    let ice = zip(film, feathers).map { film, feather in film + feather * (1 - film) }
    let pixels = [UInt8](capacity: 3 * width * height) { output in
      for y in 0..<height {
        for x in 0..<width {
          let before = ice[max(y - 1, 0) * width + max(x - 1, 0)]
          let after = ice[min(y + 1, height - 1) * width + min(x + 1, width - 1)]
          let thickness = ice[y * width + x]
          let light = (after - before) * style.light
          let color = style.pane + (style.ice - style.pane) * thickness + light
          for channel in 0..<3 { output.append(UInt8(min(max(color[channel], 0), 255))) }
        }
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }

  private mutating func draw(in range: ClosedRange<Float>) -> Float {
    Float(random.uniform(in: Double(range.lowerBound)...Double(range.upperBound)))
  }

  private mutating func direction() -> Vector {
    while true {
      let vector = Vector(draw(in: -1...1), draw(in: -1...1))
      let square = (vector * vector).sum()
      if square > 0.01 && square <= 1 { return Self.unit(vector) }
    }
  }

  private static func unit(_ vector: Vector) -> Vector {
    vector / (vector * vector).sum().squareRoot()
  }

  /// Turned by 60 degrees, to the right for a side of 1.
  private static func turned(_ vector: Vector, _ side: Float) -> Vector {
    let sine = side * 0.8660254
    return Vector(vector.x * 0.5 - vector.y * sine, vector.x * sine + vector.y * 0.5)
  }
}
