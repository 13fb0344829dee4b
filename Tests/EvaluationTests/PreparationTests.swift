import Corruptions
import Evaluation
import Imaging
import Merging
import Streams
import TensorCore
import Testing

@Suite("Preparation of images")
struct PreparationTests {
  private let tiny: TinySuite
  private let workbench: Workbench

  init() throws {
    tiny = try TinySuite()
    workbench = try Workbench(tiny.suite(), tasks: TinySuite.tasks)
  }

  private func preprocessor(_ corruption: String?, seed: UInt64 = 0) throws -> Preprocessor {
    let domain = corruption.map { Domain(corruption: $0, severity: 2) } ?? .clean
    return Preprocessor(
      preprocessing: workbench.preprocessing, domain: domain,
      corruption: try corruption.map { try tiny.recipes().corruption($0) }, seed: seed)
  }

  @Test("An image is decoded, corrupted at its own size, then resized and cropped")
  func order() throws {
    let sample = workbench["red"].images.samples[0]
    let decoded = try ImageDecoder.decode(contentsOf: sample.path)
    #expect((decoded.width, decoded.height) == (20, 18))
    #expect(
      try preprocessor(nil).pixels(of: sample) == workbench.preprocessing.pixels(decoded))
    let flat = try tiny.recipes().corruption("flat")
    var random = KeyedRandom(seed: 0, "unused")
    let corrupted = try flat.apply(to: decoded, severity: 2, random: &random)
    #expect(
      try preprocessor("flat").pixels(of: sample) == workbench.preprocessing.pixels(corrupted))
  }

  @Test("Random draws depend on seed and sample, not on what was prepared before")
  func keys() throws {
    let images = workbench["red"].images
    let preprocessor = try preprocessor("noisy")
    let prepared = try workbench.prepare("red", by: preprocessor)
    for index in images.samples.indices.reversed() {
      let crop = try preprocessor.pixels(of: images.samples[index])
      #expect(prepared.batch([index]) == workbench.preprocessing.normalize([crop]))
    }
    let sample = images.samples[0]
    let other = try self.preprocessor("noisy", seed: 1)
    let first = try preprocessor.pixels(of: sample)
    #expect(try other.pixels(of: sample) != first)
    let elsewhere = Sample(id: SampleID("red/another"), path: sample.path)
    #expect(try preprocessor.pixels(of: elsewhere) != first)
  }

  @Test("Images in a mapped file are those in memory, batch by batch")
  func mapped() throws {
    let preprocessor = try preprocessor("noisy")
    let held = try workbench.prepare("blue", by: preprocessor)
    let mapped = try workbench.prepare("blue", by: preprocessor, memoryLimit: 0)
    #expect(mapped.batch([7, 0, 7]) == held.batch([7, 0, 7]))
    #expect(held.batch([7]).shape == [1, 3, 16, 16])
    let sample = workbench["blue"].images.samples[3]
    let crop = try preprocessor.pixels(of: sample)
    #expect(held.batch([3]) == workbench.preprocessing.normalize([crop]))
  }

  @Test("What adapts takes the stream's images in its order, and no label can be reached from it")
  func batches() throws {
    let images = try workbench.prepare("red", by: preprocessor(nil))
    var settings = AdaMergingSettings(.fusionbench)
    settings.batchSize = 4
    var task = workbench.adaptationTask(
      "red", images: images, domain: .clean, settings: settings, seed: 3)
    var stream = TestStream(of: workbench["red"].images, batchSize: 4, order: .epochs, seed: 3)
    for _ in 0..<4 {
      let expected = images.batch(stream.next().map(\.index))
      #expect(task.batches.next() == expected)
    }
    var reached: Set<String> = []
    func walk(_ value: Any, depth: Int) {
      reached.insert("\(type(of: value))")
      guard depth < 8 else { return }
      for child in Mirror(reflecting: value).children.prefix(20) {
        walk(child.value, depth: depth + 1)
      }
    }
    walk(task, depth: 0)
    #expect(reached.contains("ImageDataset") && reached.contains("PreparedImages"))
    #expect(reached.isDisjoint(with: ["Labels", "LabeledImages", "OpenTask", "Workbench"]))
  }
}
