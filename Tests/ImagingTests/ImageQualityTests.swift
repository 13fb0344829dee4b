import Foundation
import Imaging
import Testing

/// The same integers as `image` of make_quality_goldens.py.
private func qualityImage(width: Int, height: Int, step: Int) -> PixelImage {
  var pixels: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      let red: Int = (x * x + 3 * y * step) / 2 % 256
      let green: Int = (5 * x + y * y / step) % 256
      let blue: Int = (x / 4 + y / 4) % 2 * 200 + x * step % 50
      pixels += [UInt8(red), UInt8(green), UInt8(blue)]
    }
  }
  return PixelImage(width: width, height: height, pixels: pixels)
}

@Suite("Image quality")
struct ImageQualityTests {
  private struct Golden: Decodable {
    let width, height, first, second: Int
    /// Nil for infinity.
    let psnr: Double?
    let ssim: Double
  }

  @Test("PSNR and SSIM equal scikit-image's")
  func goldens() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/quality.json")
    let goldens = try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))
    #expect(goldens.count == 5)
    for golden in goldens {
      let images = [golden.first, golden.second].map {
        qualityImage(width: golden.width, height: golden.height, step: $0)
      }
      let psnr = ImageQuality.psnr(images[0], images[1])
      if let expected = golden.psnr {
        #expect(abs(psnr - expected) < 1e-9)
      } else {
        #expect(psnr == .infinity)
      }
      let ssim = try #require(ImageQuality.ssim(images[0], images[1]))
      #expect(abs(ssim - golden.ssim) < 1e-9)
    }
  }

  @Test("Images smaller than a window have no SSIM")
  func small() {
    let image = qualityImage(width: 20, height: 6, step: 1)
    #expect(ImageQuality.ssim(image, image) == nil)
    #expect(ImageQuality.psnr(image, image) == .infinity)
  }
}
