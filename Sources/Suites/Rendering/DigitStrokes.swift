internal import TensorCore

/// The strokes of the ten digits in a box one unit high and 0.7 wide around the origin.
enum DigitStrokes {
  /// One pen stroke: a curve or a broken line through its points.
  struct Stroke {
    var points: [Point]
    var isCurve: Bool
    var isClosed = false

    init(curve coordinates: Float..., closed: Bool = false) {
      points = Point.pairs(coordinates)
      isCurve = true
      isClosed = closed
    }

    init(line coordinates: Float...) {
      points = Point.pairs(coordinates)
      isCurve = false
    }

    /// The stroke as a broken line.
    var flattened: [Point] {
      guard isCurve else { return points }
      let curve = Point.spline(points, steps: 5, closed: isClosed)
      return isClosed ? curve + curve.prefix(1) : curve
    }
  }

  /// The ways to write `digit`; the first is the printed one.
  static func forms(_ digit: Int) -> [[Stroke]] { all[digit] }

  private static let all: [[[Stroke]]] = [
    [
      [
        Stroke(
          curve: 0, -0.5, 0.24, -0.38, 0.32, 0, 0.24, 0.38, 0, 0.5, -0.24, 0.38, -0.32, 0, -0.24,
          -0.38, closed: true)
      ]
    ],
    [
      [Stroke(line: -0.2, -0.3, 0.05, -0.5, 0.05, 0.5)],
      [Stroke(line: 0, -0.5, 0, 0.5)],
      [Stroke(line: -0.2, -0.28, 0, -0.5, 0, 0.5), Stroke(line: -0.22, 0.5, 0.22, 0.5)],
    ],
    [
      [
        Stroke(curve: -0.3, -0.26, -0.2, -0.44, 0.02, -0.5, 0.27, -0.38, 0.26, -0.14, -0.3, 0.5),
        Stroke(line: -0.3, 0.5, 0.32, 0.5),
      ],
      [
        Stroke(
          curve: -0.3, -0.3, -0.1, -0.5, 0.22, -0.42, 0.24, -0.12, -0.05, 0.3, -0.28, 0.42, -0.26,
          0.28, -0.05, 0.36, 0.15, 0.46, 0.34, 0.4)
      ],
    ],
    [
      [
        Stroke(
          curve: -0.28, -0.36, -0.08, -0.5, 0.18, -0.44, 0.24, -0.24, 0.12, -0.08, -0.08, -0.03),
        Stroke(curve: -0.08, -0.03, 0.18, 0.02, 0.3, 0.22, 0.2, 0.43, -0.05, 0.5, -0.3, 0.36),
      ],
      [
        Stroke(line: -0.28, -0.5, 0.26, -0.5, -0.02, -0.1),
        Stroke(curve: -0.02, -0.1, 0.22, -0.04, 0.3, 0.2, 0.18, 0.43, -0.06, 0.5, -0.3, 0.38),
      ],
    ],
    [
      [Stroke(line: 0.18, 0.5, 0.18, -0.5, -0.34, 0.2, 0.36, 0.2)],
      [Stroke(line: -0.24, -0.48, -0.28, 0.08, 0.32, 0.06), Stroke(line: 0.16, -0.34, 0.12, 0.5)],
    ],
    [
      [
        Stroke(line: 0.27, -0.5, -0.2, -0.5, -0.25, -0.05),
        Stroke(
          curve: -0.25, -0.05, -0.02, -0.14, 0.24, -0.03, 0.3, 0.2, 0.18, 0.43, -0.06, 0.5, -0.3,
          0.38),
      ],
      [
        Stroke(line: -0.18, -0.46, -0.22, -0.06),
        Stroke(
          curve: -0.22, -0.06, 0.05, -0.12, 0.26, 0.06, 0.24, 0.34, 0, 0.5, -0.3, 0.42),
        Stroke(line: -0.18, -0.46, 0.28, -0.5),
      ],
    ],
    [
      [
        Stroke(
          curve: 0.22, -0.48, -0.06, -0.38, -0.26, -0.1, -0.3, 0.18, -0.2, 0.43, 0.02, 0.5, 0.25,
          0.4, 0.3, 0.18, 0.2, -0.02, -0.02, -0.06, -0.24, 0.06, -0.3, 0.2)
      ],
      [
        Stroke(
          curve: 0.05, -0.5, -0.18, -0.2, -0.26, 0.14, -0.16, 0.44, 0.08, 0.48, 0.24, 0.3, 0.14,
          0.08, -0.08, 0.12, -0.22, 0.3)
      ],
    ],
    [
      [Stroke(line: -0.3, -0.5, 0.3, -0.5, -0.08, 0.5)],
      [Stroke(line: -0.3, -0.5, 0.3, -0.5, -0.05, 0.5), Stroke(line: -0.16, 0.02, 0.24, 0)],
      [
        Stroke(line: -0.32, -0.36, -0.28, -0.5),
        Stroke(curve: -0.28, -0.5, 0.02, -0.44, 0.3, -0.48),
        Stroke(curve: 0.3, -0.48, 0.08, -0.1, 0, 0.5),
      ],
    ],
    [
      [
        Stroke(
          curve: 0, -0.5, 0.22, -0.42, 0.24, -0.2, 0, -0.04, -0.26, 0.12, -0.28, 0.38, 0, 0.5, 0.28,
          0.38, 0.26, 0.12, 0, -0.04, -0.24, -0.2, -0.22, -0.42, closed: true)
      ]
    ],
    [
      [
        Stroke(
          curve: -0.22, 0.48, 0.06, 0.38, 0.26, 0.1, 0.3, -0.18, 0.2, -0.43, -0.02, -0.5, -0.25,
          -0.4, -0.3, -0.18, -0.2, 0.02, 0.02, 0.06, 0.24, -0.06, 0.3, -0.2)
      ],
      [
        Stroke(
          curve: 0.24, -0.3, 0.04, -0.5, -0.22, -0.4, -0.26, -0.14, -0.04, 0, 0.18, -0.12, 0.24,
          -0.34),
        Stroke(line: 0.24, -0.34, 0.16, 0.5),
      ],
    ],
  ]
}
