import Foundation
import Testing

@Suite("mergeshift train")
struct TrainCommandTests {
  /// IDX files of 6 x 6 grey images, brighter from class to class.
  private func writeIDX(_ tool: Tool, _ prefix: String, count: Int) throws {
    var images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 6, 0, 0, 0, 6]
    for index in 0..<count {
      images += (0..<36).map { UInt8(index % 4 * 60 + ($0 * 7 + index) % 40) }
    }
    let labels = [0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 4) }
    let folder = tool.path("data")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, bytes) in [("images-idx3", images), ("labels-idx1", labels)] {
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(prefix)-\(name)-ubyte"))
    }
  }

  @Test("Two tasks out of the classes of one data set in IDX files become a suite that is measured")
  func idx() throws {
    try Tool.withFolder { tool in
      try writeIDX(tool, "train", count: 80)
      try writeIDX(tool, "t10k", count: 12)
      let sizes = [
        "--image-size", "6", "--patch-size", "3", "--width", "8", "--layers", "1", "--heads", "2",
        "--embedding-width", "4", "--steps", "2", "--batch-size", "8", "--probe-steps", "2",
        "--expert-steps", "2", "--expert-batch-size", "8",
      ]
      let trained = try tool.run(
        [
          "train", "--tasks", "dark=data", "bright=data", "--classes", "dark=0,1", "bright=2,3",
          "--output", "suite",
        ] + sizes)
      #expect(trained.status == 0, "\(trained.errors)")
      let suite = try String(contentsOfFile: tool.path("suite/suite.yaml"), encoding: .utf8)
      #expect(suite.contains("layout: idx\n    split: test\n    classes: ['2', '3']\n"))
      let measured = try tool.run("eval", "suite/models/base", "--suite", "suite")
      #expect(measured.status == 0, "\(measured.errors)")
      #expect(measured.output.contains("dark") && measured.output.contains("bright"))
      let unknown = try tool.run(
        ["train", "--tasks", "dark=data", "--classes", "dark=0,7", "--output", "other"] + sizes)
      #expect(unknown.status == 2)
      #expect(unknown.errors.contains("has no class '7'"))
    }
  }
}
