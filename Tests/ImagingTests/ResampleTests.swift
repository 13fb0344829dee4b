import Foundation
import Imaging
import TensorCore
import Testing

/// What `Goldens/make_resample_goldens.py` wrote with Pillow 13.
private struct ResampleGoldens: Decodable {
  struct Case: Decodable {
    let width, height, newWidth, newHeight: Int
    let filter: ResampleFilter
    let box: [Float]
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
      var box: [Float] = []
      while values.currentIndex < values.count! - 1 { box.append(try values.decode(Float.self)) }
      self.box = box
      hash = try values.decode(String.self)
    }
  }

  struct Crop: Decodable {
    let width, height, size: Int
    let hash: String

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      width = try values.decode(Int.self)
      height = try values.decode(Int.self)
      size = try values.decode(Int.self)
      hash = try values.decode(String.self)
    }
  }

  let cases: [Case]
  let parts: [Case]
  let crops: [Crop]

  static func read() throws -> ResampleGoldens {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/resample.json")
    return try JSONDecoder().decode(ResampleGoldens.self, from: Data(contentsOf: path))
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
  @Test(
    "Every filter equals Pillow in every pixel: up, down, odd sizes, one pixel, much less height")
  func goldens() throws {
    let cases = try ResampleGoldens.read().cases
    #expect(cases.count == 90)
    for golden in cases {
      let image = ResampleGoldens.picture(width: golden.width, height: golden.height)
      let output = image.resized(
        width: golden.newWidth, height: golden.newHeight, filter: golden.filter)
      #expect(
        ContentHash(of: output.pixels).description == golden.hash,
        "\(golden.filter) \(golden.width)x\(golden.height) to \(golden.newWidth)x\(golden.newHeight)"
      )
    }
  }

  @Test("A part of an image equals Pillow's resize with a box, between pixels too")
  func parts() throws {
    let parts = try ResampleGoldens.read().parts
    #expect(parts.count == 20)
    for golden in parts {
      let image = ResampleGoldens.picture(width: golden.width, height: golden.height)
      let output = image.resized(
        width: golden.newWidth, height: golden.newHeight, filter: golden.filter,
        box: (golden.box[0], golden.box[1], golden.box[2], golden.box[3]))
      #expect(
        ContentHash(of: output.pixels).description == golden.hash,
        "\(golden.filter) \(golden.box) to \(golden.newWidth)x\(golden.newHeight)")
    }
  }

  @Test("The centre of an image at the model's size equals torchvision's on Pillow")
  func crops() throws {
    let crops = try ResampleGoldens.read().crops
    #expect(crops.count == 8)
    for golden in crops {
      let image = ResampleGoldens.picture(width: golden.width, height: golden.height)
      let output = Preprocessing(imageSize: golden.size).pixels(image)
      #expect(output.width == golden.size && output.height == golden.size)
      #expect(
        ContentHash(of: output.pixels).description == golden.hash,
        "\(golden.width)x\(golden.height) to \(golden.size)")
    }
  }

  @Test("The order of the passes shows where an image loses much height, and only there")
  func passOrder() {
    let tall = ResampleGoldens.picture(width: 60, height: 300)
    #expect(
      tall.resized(width: 41, height: 70, filter: .bicubic, order: .pillow12)
        != tall.resized(width: 41, height: 70, filter: .bicubic, order: .pillow13))
    let wide = ResampleGoldens.picture(width: 300, height: 60)
    #expect(
      wide.resized(width: 70, height: 41, filter: .bicubic, order: .pillow12)
        == wide.resized(width: 70, height: 41, filter: .bicubic, order: .pillow13))
  }

  @Test("A very long image is preprocessed without the parts that the crop leaves out")
  func veryLong() {
    let line = PixelImage(width: 1, height: 60_000, color: (red: 9, green: 8, blue: 7))
    let crop = Preprocessing(imageSize: 224).pixels(line)
    #expect(crop == PixelImage(width: 224, height: 224, color: (red: 9, green: 8, blue: 7)))
  }

  @Test("An image of the wanted size is returned as it is")
  func identity() {
    let image = ResampleGoldens.picture(width: 9, height: 5)
    for filter in ResampleFilter.allCases {
      #expect(image.resized(width: 9, height: 5, filter: filter) == image)
    }
  }
}
