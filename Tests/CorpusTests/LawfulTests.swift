import Datasets
import Foundation
import Imaging
import Streams
import TestSupport
import Testing

/// What looks bad and is lawful is read, as Pillow reads it.
@Suite("Odd inputs that are lawful")
struct LawfulTests {
  @Test(
    "Every depth and colour of PNG, interlaced or not",
    arguments: [
      (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
    ])
  func png(color: Int, depths: [Int]) throws {
    for depth in depths {
      let palette: [UInt8]? = color == 3 ? [9, 8, 7] : nil
      let file = PNGFile(width: 5, height: 3, depth: depth, color: color, palette: palette)
      let image = try ImageDecoder.decode(file.bytes, name: "a.png")
      #expect((image.width, image.height) == (5, 3))
      #expect(image.pixels.prefix(3) == (color == 3 ? [9, 8, 7] : [0, 0, 0]))
    }
    // One pixel: its first pass of seven.
    let palette: [UInt8]? = color == 3 ? [9, 8, 7] : nil
    let interlaced = PNGFile(
      width: 1, height: 1, depth: 8, color: color, interlace: 1, palette: palette)
    #expect(try ImageDecoder.decode(interlaced.bytes, name: "a.png").width == 1)
  }

  @Test("A palette's index beyond its colours is black")
  func palette() throws {
    let file = PNGFile(width: 2, height: 1, color: 3, palette: [9, 8, 7], samples: [0, 0, 200])
    let image = try ImageDecoder.decode(file.bytes, name: "a.png")
    #expect(image.pixels == [9, 8, 7, 0, 0, 0])
  }

  @Test("A narrow image of 10 million rows takes memory for its pixels alone")
  func narrow() throws {
    let bytes = PNGFile(width: 1, height: 10_000_000, color: 0).bytes
    // Its rows are cut off; it is not refused for its size.
    #expect(throws: ImageError.self) { try ImageDecoder.decode(bytes, name: "a.png") }
  }

  @Test("A progressive JPEG of as many scans as the limit")
  func scans() throws {
    let image = try ImageDecoder.decode(BadInput.progressive(scans: 500), name: "a.jpg")
    #expect((image.width, image.height) == (8, 8))
  }

  @Test("Classes of a single image, and one without, as long as another has some")
  func smallClasses() throws {
    let folder = try TemporaryFolder()
    let pixel = PNGFile(width: 1, height: 1).bytes
    try folder.write(pixel, to: "data/a/0.png")
    try folder.write(pixel, to: "data/b/0.png")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/data/c", withIntermediateDirectories: true)
    let loaded = try DatasetSource("\(folder.path)/data", layout: .folder).load(name: "task")
    #expect(loaded.labels.classNames == ["a", "b", "c"])
    #expect(loaded.images.count == 2)
  }

  @Test("Unreadable images are skipped on request, counted, and gone from streams and labels")
  func skipping() throws {
    let folder = try TemporaryFolder()
    let pixel = PNGFile(width: 1, height: 1).bytes
    for index in 0..<20 {
      try folder.write(index % 4 == 1 ? Array(pixel[..<40]) : pixel, to: "data/a/\(index).png")
    }
    try folder.write("a text", to: "data/b/x.jpg")
    let loaded = try DatasetSource("\(folder.path)/data", layout: .folder).load(name: "task")
    let (images, skipped) = try loaded.readable()
    #expect(images.images.count == 15)
    #expect(images.labels.count == 15)
    #expect(images.labels.classNames == ["a", "b"])
    #expect(images.images.samples.allSatisfy { (try? $0.image()) != nil })
    let report = try #require(skipped)
    #expect((report.total, report.reasons.count) == (21, 6))
    #expect(report.description.hasPrefix("task: 6 of 21 images can't be read and are left out:\n"))
    #expect(report.description.contains("data/a/1.png: the PNG image is cut off"))
    #expect(report.description.hasSuffix("and 3 more"))
    // Nothing is left out of what is whole.
    #expect(try images.readable().skipped == nil)
  }
}
