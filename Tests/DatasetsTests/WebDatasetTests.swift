import Archives
import Datasets
import Foundation
import Imaging
import Streams
import TestSupport
import Testing

@Suite("WebDataset shards")
struct WebDatasetTests {
  private let folder: TemporaryFolder
  private let image = PixelImage(width: 2, height: 2, color: (10, 20, 30))

  init() throws {
    folder = try TemporaryFolder()
  }

  @discardableResult
  private func shard(_ name: String, _ members: [(String, [UInt8])]) throws -> String {
    let path = "\(folder.path)/\(name)"
    let writer = try TarWriter(path)
    for (name, content) in members {
      try writer.append(ArchiveMember(path: name, content: content))
    }
    try writer.finish()
    return path
  }

  private func text(_ text: String) -> [UInt8] { Array(text.utf8) }
  private func png() throws -> [UInt8] { try PNGCodec.encode(image) }

  private func failure(_ members: [(String, [UInt8])]) throws -> String {
    GoldenDatasets.failure(DatasetSource(try shard("a.tar", members)))
  }

  @Test("Archives of Python's tarfile in three styles give the samples that it put there")
  func goldens() throws {
    let path = GoldenDatasets.path("webdataset")
    try GoldenDatasets.expect(DatasetSource(path), equals: "webdataset")
    try GoldenDatasets.expect(
      DatasetSource("\(path)/part-{000..001}.tar"), equals: "webdataset")
    try GoldenDatasets.expect(DatasetSource("\(path)/part-*.tar"), equals: "webdataset")
    try GoldenDatasets.expect(
      DatasetSource("\(path)/part-{000,001}.tar", layout: .webdataset), equals: "webdataset")
    let classes = try DatasetSource(path).load(name: "t").labels.classNames
    #expect(classes == ["1", "2", "10"], "by number")
    let named = GoldenDatasets.path("webdataset-named/only.tar")
    try GoldenDatasets.expect(DatasetSource(named), equals: "webdataset-named")
    #expect(
      try DatasetSource(named).load(name: "t").labels.classNames == ["ant", "zebra crossing"])
  }

  @Test("A split is a folder of shards; other members and other extensions of a key are left out")
  func splits() throws {
    let (png, label) = (try png(), text("cat"))
    try shard(
      "test/0.tar", [("README", label), ("1.png", png), ("1.txt", label), ("1.cls", label)])
    try folder.write("4", to: "test/nshards.txt")
    let loaded = try DatasetSource(folder.path, layout: .webdataset, split: .test).load(name: "t")
    #expect(loaded.images.samples.map(\.id.text) == ["t/0/1"])
    #expect(try loaded.images.samples[0].image() == image)
  }

  @Test("A sample without a class or an image, with two, or twice is refused at its place")
  func malformed() throws {
    let (png, label) = (try png(), text("1"))
    let path = "\(folder.path)/a.tar"
    #expect(
      try failure([("7.png", png)])
        == "\(path), '7': has no class: '7.cls' with a number or a name is expected, or 'label' in "
        + "'7.json'")
    #expect(
      try failure([("7.webp", png), ("7.cls", label)]).hasPrefix(
        "\(path), '7': has a class and no image that is read ("))
    #expect(
      try failure([("7.png", png), ("7.jpg", png), ("7.cls", label)])
        == "\(path), '7.jpg': is a second image of '7'")
    #expect(
      try failure([
        ("7.png", png), ("7.cls", label), ("8.cls", label), ("8.png", png),
        ("7.png", png), ("7.cls", label),
      ])
        == "\(path): 'a/7' stands there twice; each image stands once")
    #expect(
      try failure([("7.png", png), ("7.json", text("[1]"))])
        == "\(path), '7.json': is no JSON object with a number or a name as 'label'")
    #expect(
      try failure([("7.png", png), ("7.cls", [0xff])]) == "\(path), '7.cls': is no text in UTF-8")
    #expect(try failure([("x.txt", label)]).contains("holds no image"))
  }

  @Test("An archive that is cut off names the shard and the member")
  func cutOff() throws {
    let path = try shard(
      "a.tar", [("1.cls", text("1")), ("1.png", try png()), ("2.cls", text("1"))])
    let whole = try Data(contentsOf: URL(filePath: path))
    // Inside of 1.png's content: its header is the third block.
    try whole.prefix(3 * 512 + 10).write(to: URL(filePath: path))
    #expect(
      GoldenDatasets.failure(DatasetSource(path)).hasPrefix(
        "\(path), '1.png': the archive is cut off inside of it: "))
    try whole.prefix(512 + 0).write(to: URL(filePath: path))
    #expect(GoldenDatasets.failure(DatasetSource(path)).contains("'1.cls'"))
  }

  @Test("A member that is no image is an error that names the shard and the member")
  func damagedMember() throws {
    let path = try shard("a.tar", [("1.cls", text("1")), ("1.png", text("no image"))])
    let loaded = try DatasetSource(path).load(name: "t")
    #expect(
      throws: ImageError.unknownFormat(name: "\(path): 1.png", beginning: "the text \"no image\"")
    ) { try loaded.images.samples[0].image() }
  }

  @Test("Compressed archives, missing shards and patterns for nothing are refused with what to do")
  func refused() throws {
    let path = try folder.write("x", to: "a.tar.gz")
    #expect(
      GoldenDatasets.failure(DatasetSource(path)).contains("decompress it first (gunzip,"))
    #expect(
      GoldenDatasets.failure(DatasetSource("\(folder.path)/none.tar")).contains("no such file"))
    #expect(
      GoldenDatasets.failure(DatasetSource("\(folder.path)/x-*.tar"))
        == "\(folder.path)/x-*.tar: holds no image; expected files that the pattern stands for")
    #expect(
      GoldenDatasets.failure(DatasetSource("\(folder.path)/{3..1}.tar")).contains(
        "'{3..1}': is no range of numbers"))
    #expect(
      GoldenDatasets.failure(DatasetSource("\(folder.path)/{0..99999}{0..99999}.tar")).contains(
        "stands for more than 100000 files"))
    #expect(
      GoldenDatasets.failure(DatasetSource("\(folder.path)/{0..1.tar")).contains("is not closed"))
  }
}
