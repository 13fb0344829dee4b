import Imaging
import Testing

@Suite("Pixel and float images")
struct PixelImageTests {
  @Test("All 256 levels come back from doubles unchanged")
  func levels() {
    let image = PixelImage(width: 16, height: 16, pixels: (0..<768).map { UInt8($0 % 256) })
    #expect(FloatImage(image).quantized() == image)
    #expect(FloatImage(image).values[1] == 1.0 / 255)
  }

  @Test("Quantizing clips to 0...1 and cuts off toward zero; NaN is black")
  func quantizing() {
    let values: [Double] = [
      -0.5, 0, 0.0039211, 0.0058824, 0.9999996, 1, 7, Double.nan, Double.infinity, -Double.infinity,
      0.5, 0.3960392,
    ]
    let image = FloatImage(width: 2, height: 2, values: values).quantized()
    #expect(image.pixels == [0, 0, 0, 1, 254, 255, 255, 0, 255, 0, 127, 100])
  }

  @Test("A crop takes the pixels of its rectangle")
  func crop() {
    let image = PixelImage(width: 4, height: 3, pixels: (0..<36).map { UInt8($0) })
    let crop = image.cropped(x: 1, y: 2, width: 2, height: 1)
    #expect(crop == PixelImage(width: 2, height: 1, pixels: [27, 28, 29, 30, 31, 32]))
    #expect(image.cropped(x: 0, y: 0, width: 4, height: 3) == image)
  }

  @Test("An image of one colour")
  func color() {
    let image = PixelImage(width: 2, height: 1, color: (red: 1, green: 2, blue: 3))
    #expect(image.pixels == [1, 2, 3, 1, 2, 3])
  }
}

@Suite("Samples in place")
struct SamplesInPlaceTests {
  @Test("Elements are written without a copy of the others")
  func inPlace() {
    var image = PixelImage(width: 2000, height: 2000, color: (1, 2, 3))
    // With a copy for each write this would move 240 GB.
    for index in 0..<20_000 { image.pixels[index * 3] = 9 }
    #expect(image.pixels[0] == 9 && image.pixels[1] == 2 && image.pixels[59_997] == 9)
    #expect(image.pixels[60_000] == 1)
  }

  @Test("A copy keeps its own samples")
  func values() {
    var first = PixelImage(width: 2, height: 1, color: (1, 2, 3))
    let second = first
    first.pixels[0] = 7
    #expect(second.pixels[0] == 1 && first != second)
  }
}
