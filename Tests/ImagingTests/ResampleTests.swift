import Foundation
import Imaging
import TensorCore
import Testing

/// What `Goldens/make_resample_goldens.py` wrote with Pillow.
private struct ResampleGolden: Decodable, Sendable {
  let width, height, newWidth, newHeight: Int
  let filter: ResampleFilter
  let hash: String

  init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    width = try values.decode(Int.self)
    height = try values.decode(Int.self)
    newWidth = try values.decode(Int.self)
    newHeight = try values.decode(Int.self)
    let name = try values.decode(String.self)
    guard let filter = ResampleFilter(rawValue: name) else {
      throw DecodingError.dataCorruptedError(in: values, debugDescription: "filter \(name)")
    }
    self.filter = filter
    hash = try values.decode(String.self)
  }

  static func all() throws -> [ResampleGolden] {
    struct File: Decodable { let cases: [ResampleGolden] }
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/resample.json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: path)).cases
  }

  /// The picture of the script: gradients in red, all levels in green, hard edges in blue.
  static func picture(width: Int, height: Int) -> PixelImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        pixels.append(UInt8((3 * x + 2 * y) % 256))
        pixels.append(UInt8((x * x * 7 + y * 13 + x * y * 3) % 256))
        pixels.append((x / 3 + y / 5) % 2 == 0 ? 0 : 255)
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }
}

@Suite("Resampling")
struct ResampleTests {
  @Test("Every filter equals Pillow in every pixel: up, down, odd sizes, one pixel")
  func goldens() throws {
    let cases = try ResampleGolden.all()
    #expect(cases.count == 75)
    for golden in cases {
      let image = ResampleGolden.picture(width: golden.width, height: golden.height)
      let output = image.resized(
        width: golden.newWidth, height: golden.newHeight, filter: golden.filter)
      #expect(
        ContentHash(of: output.pixels).description == golden.hash,
        "\(golden.filter) \(golden.width)x\(golden.height) to \(golden.newWidth)x\(golden.newHeight)"
      )
    }
  }

  @Test("An image of the wanted size is returned as it is")
  func identity() {
    let image = ResampleGolden.picture(width: 9, height: 5)
    for filter in ResampleFilter.allCases {
      #expect(image.resized(width: 9, height: 5, filter: filter) == image)
    }
  }
}
