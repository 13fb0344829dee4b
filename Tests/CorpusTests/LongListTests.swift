import Datasets
import Foundation
import Streams
import TestSupport
import Testing

/// Lists of hundreds of thousands of classes, as a damaged or a hostile file has them: what matches them
/// takes time in proportion to their length, not to its square, which would be minutes here.
@Suite("Long lists of classes")
struct LongListTests {
  private static let count = 300_000
  private let names = (0..<count).map { "class \($0)" }

  /// How long `work` takes, in seconds.
  private func seconds(_ work: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(work) / .seconds(1)
  }

  @Test("Labels are matched with the classes of a head")
  func matching() throws {
    let labels = Labels(classNames: names.reversed(), classIndices: [SampleID("a"): 0])
    let time = try seconds {
      let matched = try labels.indexed(by: names, source: "a list")
      #expect(matched[SampleID("a")] == Self.count - 1)
    }
    #expect(time < 20, "\(time) s")
    var short = names
    short.removeFirst()
    #expect(throws: StreamError.self) { try labels.indexed(by: short, source: "a list") }
  }

  @Test("A manifest of as many classes as images is refused by the limit")
  func manifest() throws {
    let folder = try TemporaryFolder()
    try folder.write([0], to: "a.png")
    // One file under 100,001 names: 17 steps of "./" or ".//".
    let lines = (0..<100_001).map { place in
      let steps = (0..<17).map { place >> $0 & 1 == 0 ? "./" : ".//" }
      return "\(steps.joined())a.png,class \(place)\n"
    }
    try folder.write("path,label\n" + lines.joined(), to: "list.csv")
    let time = seconds {
      let path = "\(folder.path)/list.csv"
      #expect(throws: StreamError.tooManyClasses(path, count: 100_001, limit: 100_000)) {
        try Manifest.load(path, name: "t")
      }
    }
    #expect(time < 20, "\(time) s")
  }

  @Test("Class names in a MATLAB file, the last of them twice")
  func classNames() throws {
    let folder = try TemporaryFolder()
    let cells = (names + [names[0]]).flatMap { name in
      matrix(4, columns: name.utf8.count, element(16, Array(name.utf8)))
    }
    let variable = matrix(
      1, name: "class_names", columns: names.count + 1, cells)
    let header =
      Array("MATLAB 5.0 MAT-file".utf8) + [UInt8](repeating: 0x20, count: 105) + [0, 1]
      + Array("IM".utf8)
    try folder.write(header + variable, to: "data/devkit/cars_meta.mat")
    try folder.write(header, to: "data/cars_test_annos_withlabels.mat")
    try folder.write([0], to: "data/cars_test/a.png")
    let time = seconds {
      let error = #expect(throws: DatasetError.self) {
        try DatasetSource("\(folder.path)/data", layout: .cars).load(name: "t")
      }
      #expect(
        error?.description.contains("cell \(Self.count + 1): holds no name, or one that another")
          == true, "\(String(describing: error))")
    }
    #expect(time < 20, "\(time) s")
  }

  // MARK: MATLAB's format (level 5)

  private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private func element(_ type: Int, _ content: [UInt8]) -> [UInt8] {
    little(type, 4) + little(content.count, 4) + content
      + [UInt8](repeating: 0, count: (8 - content.count % 8) % 8)
  }

  /// A matrix of one row.
  private func matrix(
    _ kind: UInt8, name: String = "", columns: Int, _ content: [UInt8]
  ) -> [UInt8] {
    element(
      14,
      element(6, [kind, 0, 0, 0, 0, 0, 0, 0]) + element(5, little(1, 4) + little(columns, 4))
        + element(1, Array(name.utf8)) + content)
  }
}
