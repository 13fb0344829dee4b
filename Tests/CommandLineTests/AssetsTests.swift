import Foundation
import Imaging
import Testing

@Suite("Option: assets")
struct AssetsTests {
  private let names = ["frost1.png", "frost2.png", "frost3.png", "frost4.jpg", "frost5.jpg"]
  private let gray = PixelImage(width: 40, height: 30, color: (90, 90, 90))

  private func corrupt(_ tool: Tool, _ output: String, _ others: String...) throws -> (
    Int32, String
  ) {
    let outcome = try tool.run(
      ["corrupt", "in.png", output, "--corruption", "frost", "--severity", "3"] + others)
    return (outcome.status, outcome.errors)
  }

  @Test("Frost is taken from a folder's pictures, or painted without one")
  func frost() throws {
    try Tool.withFolder { tool in
      try Data(PNGCodec.encode(gray)).write(to: URL(filePath: tool.path("in.png")))
      let red = PixelImage(width: 64, height: 64, color: (200, 0, 0))
      for name in names {
        try Data(PNGCodec.encode(red)).write(to: URL(filePath: tool.path(name)))
      }
      #expect(try corrupt(tool, "painted.png").0 == 0)
      #expect(try corrupt(tool, "red.png", "--assets", ".").0 == 0)
      let result = try ImageDecoder.decode(contentsOf: tool.path("red.png"))
      // 0.7 of the image and 0.7 of the red.
      #expect(Array(result.pixels.prefix(3)) == [203, 62, 62])
      #expect(try ImageDecoder.decode(contentsOf: tool.path("painted.png")) != result)
    }
  }

  @Test("A missing picture is named")
  func missing() throws {
    try Tool.withFolder { tool in
      try Data(PNGCodec.encode(gray)).write(to: URL(filePath: tool.path("in.png")))
      let (status, errors) = try corrupt(tool, "out.png", "--assets", "nowhere")
      #expect(status != 0 && errors.contains("nowhere/frost1.png: cannot be read: no such file"))
    }
  }
}
