internal import Foundation

/// Noise of a given spectrum: amplitudes by frequency, random phases, as ImageNet-C-bar makes it.
struct SpectralNoise {
  let width, height: Int

  /// How many uniform draws a field takes: phases of one half of the spectrum.
  var drawCount: Int { height * ((width + 1) / 2) }

  /// A field of mean square 1 around its mean, `[height, width]`.
  ///
  /// - Parameters:
  ///   - draws: uniform in [0, 1): turns of the phases, whose other half mirrors them.
  ///   - amplitude: of a frequency in periods over the image's shorter side.
  @inline(__always)
  func field(draws: [Double], amplitude: (Double) -> Double) -> [Double] {
    let half = (width + 1) / 2
    let side = Double(min(width, height))
    var spectrum = [FourierTransform.Complex](repeating: .zero, count: width * height)
    for row in 0..<height {
      for column in 0..<width {
        // The lowest frequency stands in the middle and is moved to the corner.
        let y = Double(row - height / 2) * side / Double(height)
        let x = Double(column - width / 2) * side / Double(width)
        let turn =
          column < half
          ? draws[row * half + column]
          : draws[(height - 1 - row) * half + width - 1 - column]
        let power = amplitude((x * x + y * y).squareRoot())
        let place = (row + (height + 1) / 2) % height * width + (column + (width + 1) / 2) % width
        spectrum[place] =
          power * FourierTransform.Complex(cos(2 * .pi * turn), sin(2 * .pi * turn))
      }
    }
    var field = FourierTransform.realInverse(spectrum, width: width, height: height)
    let count = Double(field.count)
    let mean = field.reduce(0, +) / count
    let variance = field.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let scale = variance > 0 ? 1 / variance.squareRoot() : 0
    for index in field.indices { field[index] *= scale }
    return field
  }
}
