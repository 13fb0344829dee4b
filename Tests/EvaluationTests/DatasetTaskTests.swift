import Datasets
import Evaluation
import Foundation
import Streams
import TestSupport
import Testing

/// A task whose images are no folder: IDX files of 20 x 18 grey images in the suite of `TinySuite`.
@Suite("Tasks of data sets in other layouts")
struct DatasetTaskTests {
  private let tiny: TinySuite
  private let images = "idx/t10k-images-idx3-ubyte"

  init() throws {
    tiny = try TinySuite()
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 18, 0, 0, 0, 20]
    let pixels: [UInt8] = (0..<9 * 360).map { index in
      UInt8(truncatingIfNeeded: index * 7 + index / 360 * 40)
    }
    try tiny.folder.write(header + pixels, to: images)
    try writeLabels((0..<9).map { UInt8($0 % 3) })
    try write("class_names: head")
  }

  private func writeLabels(_ labels: [UInt8]) throws {
    try tiny.folder.write(
      [0, 0, 8, 1, 0, 0, 0, UInt8(labels.count)] + labels, to: "idx/t10k-labels-idx1-ubyte")
  }

  /// The suite's task `red` with IDX files.
  private func write(_ more: String) throws {
    try tiny.folder.write(
      """
      name: tiny
      base: models/base
      tasks:
        - {name: red, images: idx, \(more)}
        - {name: green, images: images/green/test}
      """, to: "suite.yaml")
  }

  /// How many cells are computed.
  private func run() throws -> Int {
    let plan = try tiny.plan(
      """
      methods: [task-arithmetic, adamerging-taskwise]
      steps: 1
      batch_size: 2
      experiments: [{name: x, corruptions: [flat]}]
      """)
    var runner = try tiny.runner(plan)
    return try runner.run().computed
  }

  @Test("It is merged, adapted to, corrupted and measured as any other")
  func measured() throws {
    let workbench = try Workbench(tiny.suite(), tasks: ["red"])
    #expect(workbench["red"].images.samples.map(\.id.text) == (0..<9).map { "red/t10k/\($0)" })
    #expect(try run() == 2)
    #expect(try run() == 0)
  }

  @Test("Numbers are no names: a head with names needs to be told that they are its rows")
  func names() throws {
    try write("split: test")
    let error = try #require(throws: EvaluationError.self) {
      try Workbench(tiny.suite(), tasks: ["red"])
    }
    #expect("\(error)".contains("class_names: head takes the numbers as the head's rows"))
    try write("class_names: [dark, light, striped], classes: [light, dark]")
    let workbench = try Workbench(tiny.suite(), tasks: ["red"])
    #expect(workbench["red"].images.count == 6)
  }

  @Test("A changed pixel or label inside a large file makes new cells")
  func provenance() throws {
    #expect(try run() == 2)
    let path = "\(tiny.path)/\(images)"
    var data = try Data(contentsOf: URL(filePath: path))
    data[1000] ^= 1
    try data.write(to: URL(filePath: path))
    #expect(try run() == 2)
    try writeLabels((0..<9).map { UInt8(2 - $0 % 3) })
    #expect(try run() == 2)
  }

  @Test("A missing head and missing images are said at once")
  func problems() throws {
    try FileManager.default.removeItem(atPath: "\(tiny.path)/idx/t10k-labels-idx1-ubyte")
    try FileManager.default.removeItem(atPath: "\(tiny.path)/heads/red.safetensors")
    let error = try #require(throws: EvaluationError.self) {
      try Workbench(tiny.suite(), tasks: ["red"])
    }
    guard case .unsuitable(_, let problems) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(problems.count == 2)
    #expect(problems.contains { $0.contains("there is no t10k-labels-idx1-ubyte") }, "\(problems)")
  }
}
