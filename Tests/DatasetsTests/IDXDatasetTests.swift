import Datasets
import Foundation
import Imaging
import Streams
import TensorCore
import TestSupport
import Testing

@Suite("IDX files")
struct IDXDatasetTests {
  private let folder: TemporaryFolder
  private let images = "t10k-images-idx3-ubyte"
  private let labels = "t10k-labels-idx1-ubyte"

  init() throws {
    folder = try TemporaryFolder()
  }

  private func header(_ kind: UInt8, _ sizes: [Int]) -> [UInt8] {
    [0, 0, 8, kind]
      + sizes.flatMap { size in
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
      }
  }

  private func write(_ imageBytes: [UInt8], _ labelBytes: [UInt8]) throws {
    try folder.write(imageBytes, to: images)
    try folder.write(labelBytes, to: labels)
  }

  private func failure() -> String { GoldenDatasets.failure(DatasetSource(folder.path)) }

  @Test("Truncated, prolonged and foreign files are refused with what is there and would be right")
  func damaged() throws {
    let good = header(3, [2, 1, 2]) + [1, 2, 3, 4]
    let labels = header(1, [2]) + [0, 1]
    try write(good, labels)
    #expect(try DatasetSource(folder.path).load(name: "t").images.count == 2)
    try write(good.dropLast(), labels)
    #expect(
      failure()
        == "\(folder.path)/\(images): is cut off: the header announces 2 x 1 x 2 bytes, 20 with the "
        + "header; there are 19")
    try write(good + [0], labels)
    #expect(failure().contains("goes on after its end"))
    try write(Array(good.prefix(9)), labels)
    #expect(failure().contains("is cut off inside its header: 9 bytes of 16"))
    try write([0, 0, 13, 3] + good.dropFirst(4), labels)
    #expect(
      failure().contains(
        "bytes 0 to 3: begins with 00 00 0d 03; 00 00 08 03 is expected of an IDX file of images"))
    try write(good, header(3, [2, 1, 1]) + [0, 1])
    #expect(failure().contains("00 00 08 01 is expected of an IDX file of labels"))
    try write(good, header(1, [3]) + [0, 1, 1])
    #expect(
      failure()
        == "\(folder.path)/\(images) has 2 images and \(folder.path)/\(self.labels) has 3 labels; "
        + "one label for each image is expected")
  }

  @Test("Sizes that no file has are refused before memory is taken")
  func hugeSizes() throws {
    let huge = 0xffff_ffff
    try write(header(3, [huge, huge, huge]), header(1, [2]) + [0, 1])
    #expect(failure().contains("sizes beyond any file"))
    try write(header(3, [0, huge, 0]), header(1, [0]))
    #expect(failure().contains("pixels are read"))
    try write(header(3, [0, 2, 2]), header(1, [0]))
    #expect(failure().contains("holds no image"))
  }

  @Test("A compressed file that is damaged, or holds more than it announces, is refused")
  func compressed() throws {
    let golden = try GoldenDatasets.copy("idx-gz")
    let path = "\(golden.path)/\(images).gz"
    let content = try Data(contentsOf: URL(filePath: path))
    try Data(content.dropLast(12)).write(to: URL(filePath: path))
    #expect(
      GoldenDatasets.failure(DatasetSource(golden.path))
        == "\(path): can't be decompressed (it is cut off)")
    var damaged = content
    damaged[content.count - 6] ^= 0xff
    try damaged.write(to: URL(filePath: path))
    #expect(GoldenDatasets.failure(DatasetSource(golden.path)).contains("can't be decompressed"))
    try (content + content).write(to: URL(filePath: path))
    #expect(GoldenDatasets.failure(DatasetSource(golden.path)).contains("holds more than the 64"))
  }

  /// A gzip file of one stored block.
  private func gzip(_ content: [UInt8]) -> [UInt8] {
    let length = [UInt8(content.count & 0xff), UInt8(content.count >> 8)]
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1] + length + length.map { ~$0 } + content
      + [UInt8](repeating: 0, count: 8)
  }

  @Test("A compressed file that announces petabytes is refused before anything is decompressed")
  func compressedPetabytes() throws {
    // 2^20 images of 2^16 x 2^16 pixels.
    let images = gzip(header(3, [1 << 20, 1 << 16, 1 << 16]) + [1, 2, 3])
    try folder.write(images, to: "\(self.images).gz")
    try folder.write(gzip(header(1, [1 << 20]) + [0]), to: "\(labels).gz")
    let announced = 1 << 52 + 16
    #expect(
      failure()
        == "\(folder.path)/\(self.images).gz: can't be decompressed (it announces \(announced) bytes, "
        + "the limit decompressed-bytes is 17179869184)")
    // Labels of 4 GB are below the limit: only what is there is decompressed.
    try folder.write(gzip(header(3, [0xffff_ffff, 1, 1]) + [1]), to: "\(self.images).gz")
    try folder.write(gzip(header(1, [0xffff_ffff]) + [0]), to: "\(labels).gz")
    #expect(failure().contains("can't be decompressed"), "\(failure())")
  }

  @Test(
    "Two data sets below one folder are told apart by whoever names it; labels have to be there")
  func places() throws {
    let good = header(3, [1, 1, 1]) + [1]
    try folder.write(good, to: "MNIST/raw/\(images)")
    #expect(failure().contains("there is no \(labels) or \(labels).gz"))
    try folder.write(good, to: "FashionMNIST/raw/\(images).gz")
    #expect(
      failure()
        == "\(folder.path): holds several data sets (MNIST/raw/\(images), "
        + "FashionMNIST/raw/\(images).gz); name one of them")
  }

  @Test("70,000 images are opened without being read: neither memory nor time for their pixels")
  func large() throws {
    let (count, side) = (70_000, 280)
    let path = try folder.write(header(3, [count, side, side]), to: images)
    // 5.5 GB, all of it a hole.
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: UInt64(16 + count * side * side))
    try handle.seek(toOffset: UInt64(16 + (count - 1) * side * side))
    try handle.write(contentsOf: [200])
    try handle.close()
    try folder.write(header(1, [count]) + (0..<count).map { UInt8($0 % 10) }, to: labels)
    let loaded = try DatasetSource(folder.path).load(name: "t")
    #expect(loaded.images.count == count)
    let last = try loaded.images.samples[count - 1].image()
    #expect(last.pixels.prefix(4) == [200, 200, 200, 0])
  }

  @Test("A file that becomes shorter after it was opened is an error of the image, not a crash")
  func shortened() throws {
    try write(header(3, [2, 1, 2]) + [1, 2, 3, 4], header(1, [2]) + [0, 1])
    let loaded = try DatasetSource(folder.path).load(name: "t")
    try folder.write(header(3, [2, 1, 2]) + [1, 2], to: images)
    #expect(try loaded.images.samples[0].image().pixels == [1, 1, 1, 2, 2, 2])
    let path = "\(folder.path)/\(images)"
    #expect(
      throws: ImageError.unreadable(
        name: "\(path): image 1",
        reason: "\(path): is cut off: it has 18 bytes where 20 are needed")
    ) { try loaded.images.samples[1].image() }
  }
}
