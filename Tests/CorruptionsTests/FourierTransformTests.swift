import Corruptions
import Foundation
import TensorCore
import Testing

@Suite("Fourier transforms")
struct FourierTransformTests {
  private typealias Complex = FourierTransform.Complex

  private func values(_ count: Int) -> [Complex] {
    var random = KeyedRandom(seed: 1, "fourier", "\(count)")
    let draws = random.normals(2 * count)
    return (0..<count).map { Complex(draws[2 * $0], draws[2 * $0 + 1]) }
  }

  /// The definition, term by term.
  private func sum(_ values: [Complex], at frequency: Int) -> Complex {
    values.indices.reduce(.zero) { total, index in
      let angle = 2 * Double.pi * Double(index * frequency % values.count) / Double(values.count)
      let (value, root) = (values[index], Complex(cos(angle), sin(angle)))
      return total
        + Complex(value.x * root.x - value.y * root.y, value.x * root.y + value.y * root.x)
    }
  }

  @Test(
    "Columns of any length are transformed as the definition says, each by itself",
    arguments: [1, 2, 3, 4, 7, 12, 13, 30, 49, 64, 224])
  func columns(length: Int) {
    let columns = 3
    let original = values(length * columns)
    var (result, scratch) = (original, original)
    FourierTransform(length: length).invertColumns(&result, scratch: &scratch)
    for column in 0..<columns {
      let input = (0..<length).map { original[$0 * columns + column] }
      for frequency in 0..<length {
        let difference = result[frequency * columns + column] - sum(input, at: frequency)
        #expect(max(abs(difference.x), abs(difference.y)) < 1e-12 * Double(length) + 1e-13)
      }
    }
  }

  @Test("A single frequency becomes a plane wave along both axes")
  func wave() {
    let (width, height) = (6, 10)
    var spectrum = [Complex](repeating: .zero, count: width * height)
    spectrum[3 * width + 2] = Complex(1, 0)
    let field = FourierTransform.realInverse(spectrum, width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let turns = 3 * Double(y) / Double(height) + 2 * Double(x) / Double(width)
        #expect(abs(field[y * width + x] - cos(2 * .pi * turns)) < 1e-12)
      }
    }
  }
}
