internal import Foundation
public import Imaging
public import TensorCore

/// Handwritten digits, white on black (after MNIST).
public enum DigitsTask: SuiteTask {
  public static let name = "digits"
  public static let classNames = (0...9).map(String.init)
  public static let isMirrorInvariant = false

  public static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage {
    var canvas = Canvas(.grey(0))
    let height = random.float(28...44)
    canvas.transform = Affine()
      .translated(random.float(25...39), random.float(26...38))
      .rotated(random.spread(0.14))
      .sheared(-random.float(-0.15...0.4))
      .scaled(height * random.float(0.75...1.2), height)
    let width = random.float(0.06...0.16)
    // A slow wave over the sheet deforms all strokes together, a tremor each point on its own.
    let phase = random.point(0...6, 0...6)
    let wave = random.point(0...0.05, 0...0.05)
    for stroke in random.pick(DigitStrokes.forms(classIndex)) {
      var shaky = stroke
      for index in shaky.points.indices {
        shaky.points[index] += Point(random.spread(0.03), random.spread(0.03))
      }
      let line = shaky.flattened.map { point in
        point + Point(sin(point.y * 6 + phase.x), sin(point.x * 6 + phase.y)) * wave
      }
      pen(line, width, &canvas, &random)
    }
    var camera = Camera()
    camera.blur = Point(repeating: random.float(0.4...1.1))
    camera.exposure = random.float(0.75...1.1)
    camera.noise = random.float(0...0.03)
    return camera.develop(canvas, using: &random)
  }

  /// Draws a line whose width swells and thins as under a pen.
  private static func pen(
    _ line: [Point], _ width: Float, _ canvas: inout Canvas, _ random: inout KeyedRandom
  ) {
    let phase = random.float(0...6)
    let pressure = random.float(0...0.3)
    for index in 1..<line.count {
      let swell = 1 + pressure * sin(phase + Float(index) * 0.35)
      canvas.fill(.stroke([line[index - 1], line[index]], width: width * swell), .grey(1))
    }
  }
}
