import Archives
import Streams
import TestSupport
import Testing

@Suite("Packed samples")
struct SampleTableTests {
  /// Names that share beginnings and ends, are empty, not ASCII, or longer than a byte or two count.
  private let names =
    (0..<100).map { "train/class \($0 / 7)/image_\($0).png" }
    + ["", "a", "ab", "a", "é", "e\u{301}", "😀😃", "😀", String(repeating: "x", count: 127)]
    + [128, 129, 16_383, 16_384, 20_000].map { String(repeating: "x", count: $0) + "é" }
    + (0..<40).map { String(repeating: "y", count: 300) + "\($0)" }

  @Test("Ids come back as they were, in any order of asking")
  func ids() {
    let ids = SampleIDs(names.map { SampleID($0) })
    #expect(ids.count == names.count)
    #expect(ids.map(\.text) == names)
    for place in ids.indices.reversed() {
      #expect(Array(ids[place].text.utf8) == Array(names[place].utf8))
    }
    #expect(ids == SampleIDs(names.map { SampleID($0) }))
    for range in [0..<0, 0..<names.count, 15..<17, 16..<32, 90..<111] {
      #expect(ids.elements(range).map(\.text) == Array(names[range]))
    }
    #expect(ids != SampleIDs(names.dropLast().map { SampleID($0) }))
    #expect(SampleIDs().isEmpty)
  }

  @Test("Locations of every kind come back as they were, mixed as they may be")
  func locations() throws {
    let folder = try TemporaryFolder()
    let files = try ["a", "b"].map { try DataFile(folder.write("0123456789", to: $0)) }
    let shape = RasterShape(width: 2, height: 1, order: .greyRows)
    let samples = (0..<200).map { place in
      let part = FilePart(
        file: files[place / 50 % 2], offset: (place * place) << (place % 40),
        count: (place % 3) << (place % 17), name: "part \(place)")
      let location: ImageLocation =
        switch place / 30 % 3 {
        case 0: .file("/data/\(place).png")
        case 1: .part(part)
        default: .raster(part, shape)
        }
      return Sample(id: SampleID("t/\(place)"), location: location)
    }
    let table = ImageDataset(name: "t", samples: samples).samples
    #expect(Array(table) == samples)
    #expect(Array(table[37..<95]) == Array(samples[37..<95]))
    for range in [0..<200, 0..<0, 7..<8, 29..<61, 45..<55, 149..<200, 16..<32] {
      #expect(table.elements(range) == Array(samples[range]))
    }
    for place in [199, 0, 30, 89, 90, 149, 29] { #expect(table[place] == samples[place]) }
    #expect(Array(table.at([5, 3, 150])) == [samples[5], samples[3], samples[150]])
  }

  @Test("Labels are found by id among many, and by no other id; their order does not matter")
  func labels() {
    let pairs = (0..<5000).map { (SampleID("t/\($0)"), $0 % 3) }
    let labels = Labels(
      classNames: ["a", "b", "c"], classIndices: Dictionary(uniqueKeysWithValues: pairs))
    #expect(labels.count == 5000)
    #expect(pairs.allSatisfy { labels[$0.0] == $0.1 })
    #expect(labels[SampleID("t/5000")] == nil && labels[SampleID("")] == nil)
    let again = Labels(
      classNames: ["a", "b", "c"],
      classIndices: Dictionary(uniqueKeysWithValues: pairs.reversed()))
    #expect(labels == again)
    let other = Labels(
      classNames: ["a", "b", "c"],
      classIndices: Dictionary(uniqueKeysWithValues: pairs.map { ($0.0, 2 - $0.1) }))
    #expect(labels != other)
  }
}
