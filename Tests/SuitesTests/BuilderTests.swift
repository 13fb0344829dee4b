import Checkpoints
import Foundation
import Imaging
import Suites
import TestSupport
import Testing
import Training
import VisionModels

@Suite("Suite builder")
struct BuilderTests {
  private let recipe = SuiteRecipe.quick(seed: 9)
  private let tasks = Array(SuiteCatalog.all.prefix(2))

  @Test(
    "A build holds test images of every class in both formats, models, heads, description, sums")
  func builds() throws {
    let folder = try TemporaryFolder()
    let stale = "images/\(tasks[0].name)/test/\(tasks[0].classNames[0])/999.png"
    try folder.write("of an earlier build", to: stale)
    let record = try SuiteBuilder(recipe: recipe, output: folder.path, tasks: tasks).build()
    #expect(record.validation.map(\.task) == tasks.map { $0.name })
    for task in tasks {
      for name in task.classNames {
        let path = "\(folder.path)/images/\(task.name)/test/\(name)"
        let files = try FileManager.default.contentsOfDirectory(atPath: path)
        #expect(files.count == recipe.testImages / task.classNames.count)
        for file in files {
          let image = try ImageDecoder.decode(contentsOf: "\(path)/\(file)")
          #expect(image.width == SuiteRenderer.side && image.height == SuiteRenderer.side)
        }
      }
      let all = try FileManager.default.subpathsOfDirectory(
        atPath: "\(folder.path)/images/\(task.name)")
      #expect(all.contains { $0.hasSuffix(".png") })
      #expect(all.contains { $0.hasSuffix(".jpg") })
      let head = try ClassificationHead(contentsOf: "\(folder.path)/heads/\(task.name).safetensors")
      #expect(head.classNames == task.classNames)
      _ = try VisionCheckpoint.load(directory: "\(folder.path)/models/experts/\(task.name)")
    }
    _ = try VisionCheckpoint.load(directory: "\(folder.path)/models/base")
    let description = try String(contentsOfFile: "\(folder.path)/suite.yaml", encoding: .utf8)
    #expect(description.contains("images: images/\(tasks[1].name)/test"))
    #expect(try SuiteChecksums.check(folder: folder.path) > 20)
  }

  @Test("The same seed gives the same images, another seed others")
  func seeds() throws {
    let first = SuiteBuilder.trainingTask(tasks[0], recipe: recipe)
    let again = SuiteBuilder.trainingTask(tasks[0], recipe: recipe)
    let other = SuiteBuilder.trainingTask(tasks[0], recipe: .quick(seed: 10))
    #expect(first.train.contentHash == again.train.contentHash)
    #expect(first.train.contentHash != other.train.contentHash)
  }

  @Test("No image is in both of the training and the validation split")
  func disjoint() {
    let task = SuiteBuilder.trainingTask(tasks[0], recipe: recipe)
    let train = Set((0..<task.train.count).map { task.train.sample($0).image.pixels })
    let validation = (0..<task.validation.count).map { task.validation.sample($0).image.pixels }
    #expect(task.train.count == recipe.trainingImages)
    #expect(task.validation.count == recipe.validationImages)
    #expect(validation.allSatisfy { !train.contains($0) })
  }
}

@Suite("Suite checksums")
struct ChecksumTests {
  private func suite() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for path in ["heads/a.safetensors", "images/a/test/x/0.png", "models/base/config.json"] {
      try folder.write(path, to: path)
    }
    try folder.write("name: a\n", to: "suite.yaml")
    try folder.write("{}", to: "training.json")
    try folder.write("not built", to: "README.md")
    return folder
  }

  @Test("Files that are as they were built pass, others beside them do not count")
  func passes() throws {
    let folder = try suite()
    try SuiteChecksums.write(folder: folder.path)
    try folder.write("other", to: "README.md")
    #expect(try SuiteChecksums.check(folder: folder.path) == 5)
  }

  @Test("Changed, missing and new files are each named")
  func differences() throws {
    let folder = try suite()
    try SuiteChecksums.write(folder: folder.path)
    try folder.write("name: b\n", to: "suite.yaml")
    try FileManager.default.removeItem(atPath: "\(folder.path)/images/a/test/x/0.png")
    try folder.write("new", to: "heads/b.safetensors")
    #expect(
      throws: SuiteBuildError.differences([
        "heads/b.safetensors is new", "images/a/test/x/0.png is missing", "suite.yaml is changed",
      ])
    ) {
      try SuiteChecksums.check(folder: folder.path)
    }
  }

  @Test("A folder that is no suite, or without sums or with broken ones, is refused")
  func refused() throws {
    let folder = try suite()
    func problem() -> String {
      do {
        try SuiteChecksums.check(folder: folder.path)
        return "accepted"
      } catch {
        return "\(error)"
      }
    }
    #expect(problem().contains("XXH128SUMS: can't be read"))
    try folder.write("0123 suite.yaml\n", to: SuiteChecksums.fileName)
    #expect(problem().contains("line 1 is no"))
    try FileManager.default.removeItem(atPath: "\(folder.path)/heads")
    #expect(throws: SuiteBuildError.self) { try SuiteChecksums.write(folder: folder.path) }
  }
}
