internal import Foundation

/// Position embeddings for images of another size, as transformers makes them for CLIP, ViT and
/// DINOv2: those of the patches by `torch.nn.functional.interpolate(mode="bicubic",
/// align_corners=False)` without antialiasing (Keys' kernel with a = -0.75, edges repeated), the
/// class token's as it is.
enum PositionInterpolation {
  /// - Parameters:
  ///   - positions: `[1 + grid * grid, width]`, the class token's first.
  ///   - grid, newGrid: patches on a side.
  /// - Returns: `[1 + newGrid * newGrid, width]`.
  static func interpolate(
    _ positions: [Float], width: Int, from grid: Int, to newGrid: Int
  ) -> [Float] {
    precondition(positions.count == (1 + grid * grid) * width, "a row for each token")
    let taps = (0..<newGrid).map { Taps(output: $0, inputs: grid, outputs: newGrid) }
    let source = positions.span
    // Columns first, then rows.
    var columns = [Double](repeating: 0, count: grid * newGrid * width)
    for y in 0..<grid {
      for (x, tap) in taps.enumerated() {
        for (index, weight) in zip(tap.indices, tap.weights) {
          let (from, to) = ((1 + y * grid + index) * width, (y * newGrid + x) * width)
          for channel in 0..<width {
            columns[to + channel] += weight * Double(source[from + channel])
          }
        }
      }
    }
    var output = Array(positions[..<width])
    output.reserveCapacity((1 + newGrid * newGrid) * width)
    for tap in taps {
      for x in 0..<newGrid {
        for channel in 0..<width {
          var sum = 0.0
          for (index, weight) in zip(tap.indices, tap.weights) {
            sum += weight * columns[(index * newGrid + x) * width + channel]
          }
          output.append(Float(sum))
        }
      }
    }
    return output
  }

  /// The four neighbours of an output on a line and their weights.
  private struct Taps {
    let indices: [Int]
    let weights: [Double]

    init(output: Int, inputs: Int, outputs: Int) {
      let center = (Double(output) + 0.5) * Double(inputs) / Double(outputs) - 0.5
      let first = center.rounded(.down)
      indices = (-1...2).map { min(max(Int(first) + $0, 0), inputs - 1) }
      weights = (-1...2).map { Self.kernel(abs(center - first - Double($0))) }
    }

    private static func kernel(_ x: Double) -> Double {
      let a = -0.75
      return x <= 1
        ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((x - 5) * x + 8) * x * a - 4 * a
    }
  }
}
