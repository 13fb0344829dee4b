import Foundation
import Imaging
import TensorCore
import Testing

@Suite("Preprocessing")
struct PreprocessingTests {
  @Test("The short side becomes the image size, and the centre is kept")
  func crop() {
    let preprocessing = Preprocessing(imageSize: 4)
    var image = PixelImage(width: 12, height: 4, color: (red: 0, green: 0, blue: 0))
    for row in 0..<4 {
      for column in 4..<8 { image.pixels[3 * (12 * row + column)] = 200 }
    }
    let crop = preprocessing.pixels(image)
    #expect(crop == PixelImage(width: 4, height: 4, color: (red: 200, green: 0, blue: 0)))
  }

  @Test("Values are (v / 255 - mean) / standard deviation, channels first")
  func normalization() {
    let preprocessing = Preprocessing(imageSize: 2)
    let white = PixelImage(width: 2, height: 2, color: (red: 255, green: 0, blue: 51))
    let tensor = preprocessing.normalize([white])
    #expect(tensor.shape == [1, 3, 2, 2])
    // PyTorch: torch.tensor([255, 0, 51.]).div(255).sub(mean).div(std)
    let expected: [Float] = [1.9303361, -1.7520971, -0.75499642]
    for (channel, value) in expected.enumerated() {
      for pixel in 0..<4 { #expect(abs(tensor.values[4 * channel + pixel] - value) < 2e-6) }
    }
  }

  @Test("A batch takes any of the cached crops, in the order asked for")
  func batches() {
    let preprocessing = Preprocessing(imageSize: 1)
    let crops: [UInt8] = [0, 0, 0, 255, 255, 255]
    let both = preprocessing.normalize(crops: crops, indices: [1, 0, 1])
    let one = preprocessing.normalize(crops: crops, indices: [1])
    #expect(both.shape == [3, 3, 1, 1])
    #expect(both.rows(2..<3) == one)
    #expect(both.rows(1..<2) != one)
  }

  @Test("Squares and larger short sides give the pixels of transformers' processors with Pillow")
  func processors() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Goldens/processors.json"))
    let goldens = try JSONDecoder().decode([String: [UInt8]].self, from: data)
    var pixels: [UInt8] = []
    for y in 0..<30 {
      for x in 0..<40 {
        for c in 0..<3 { pixels.append(UInt8((7 * x + 13 * y + 31 * c + x * y) % 256)) }
      }
    }
    let image = PixelImage(width: 40, height: 30, pixels: pixels)
    let vit = Preprocessing(imageSize: 16, isSquare: true, filter: .bilinear)
    #expect(vit.pixels(image).pixels == goldens["vit"])
    let dinov2 = Preprocessing(imageSize: 16, resizedSize: 20)
    #expect(dinov2.pixels(image).pixels == goldens["dinov2"])
  }
}
