import Checkpoints
import Corruptions
import Evaluation
import Foundation
import Merging
import Results
import Streams
import TensorCore
import TestSupport
import VisionModels

/// A suite of three tasks on disk: a random two-layer transformer for 16 x 16 pixels, experts near
/// it, heads of three classes, and ten images a task, of sizes that have to be cropped.
struct TinySuite {
  let folder: TemporaryFolder
  static let tasks = ["red", "green", "blue"]
  static let classNames = ["dark", "light", "striped"]
  static let imagesPerTask = 10
  static let configuration = ViTConfiguration(
    imageSize: 16, patchSize: 8, width: 16, layerCount: 2, headCount: 2, mlpWidth: 32,
    embeddingWidth: 8)

  init() throws {
    folder = try TemporaryFolder()
    let encoder = VisionTransformer(configuration: Self.configuration)
    var random = KeyedRandom(seed: 1, "tiny suite")
    // Weights large enough for the images to matter.
    var base = encoder.initialParameters(random: &random)
    for index in base.values.indices where abs(base.values[index]) < 0.9 {
      base.values[index] *= 4
    }
    try write(base, to: "models/base")
    for (place, task) in Self.tasks.enumerated() {
      var expert = base
      let noise = random.normals(expert.values.count)
      for index in expert.values.indices { expert.values[index] += 0.02 * Float(noise[index]) }
      try write(expert, to: "models/experts/\(task)")
      try writeHead(task, width: Self.configuration.embeddingWidth, &random)
      for image in 0..<Self.imagesPerTask {
        try writeImage(task, channel: place, image, &random)
      }
    }
    try folder.write(
      "name: tiny\nbase: models/base\ntasks:\n"
        + Self.tasks.map { "  - {name: \($0), images: images/\($0)/test}\n" }.joined(),
      to: "suite.yaml")
    try folder.write(
      """
      family: digital
      source: the tests
      summary: less contrast
      pipeline:
        - {op: contrast, factor: $factor}
      severities:
        factor: [0.9, 0.8, 0.6, 0.4, 0.2]
      """, to: "corruptions/flat.yaml")
    try folder.write(
      """
      family: noise
      source: the tests
      summary: noise
      pipeline:
        - {op: gaussian_noise, sigma: $amount}
      severities:
        amount: [0.1, 0.2, 0.3, 0.4, 0.5]
      """, to: "corruptions/noisy.yaml")
  }

  var path: String { folder.path }

  func suite() throws -> TaskSuite { try TaskSuite(contentsOf: path) }

  func recipes() throws -> RecipeLibrary { try RecipeLibrary(directory: "\(path)/corruptions") }

  /// A plan on this suite: the given text after the keys `name` and `suite`.
  func plan(_ text: String) throws -> Plan { try reading(text).plan() }

  /// The same as far as it can be read.
  func reading(_ text: String) throws -> PlanReading {
    let path = try folder.write("name: p\nsuite: suite.yaml\n\(text)\n", to: "plan.yaml")
    return PlanReading(contentsOf: path, methodNames: MethodCatalog.names)
  }

  func runner(
    _ plan: Plan, output: String = "run", code: String = "test", memoryLimit: Int = 1 << 20,
    keepsPredictions: Bool = false
  ) throws -> Runner {
    try Runner(
      plan, library: try recipes(),
      store: ResultStore(folder: "\(path)/\(output)", keepsPredictions: keepsPredictions),
      environment: RunEnvironment(codeVersion: code, blas: "blas", cpuPath: "cpu"),
      memoryLimit: memoryLimit)
  }

  private func write(_ parameters: StateDict, to relative: String) throws {
    try VisionCheckpoint(configuration: Self.configuration, parameters: parameters)
      .write(to: "\(folder.path)/\(relative)")
  }

  func writeHead(_ task: String, width: Int, _ random: inout KeyedRandom) throws {
    var weights: [Float] = []
    for _ in Self.classNames {
      let row = random.normals(width)
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      weights += row.map { Float($0 / length) }
    }
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/heads", withIntermediateDirectories: true)
    try ClassificationHead(
      classNames: Self.classNames,
      weights: Tensor(shape: [Self.classNames.count, width], values: weights)
    ).write(to: "\(folder.path)/heads/\(task).safetensors")
  }

  /// A binary PPM of 20 x 18 noisy pixels.
  private func writeImage(
    _ task: String, channel: Int, _ index: Int, _ random: inout KeyedRandom
  ) throws {
    let label = index % Self.classNames.count
    var pixels: [UInt8] = []
    for y in 0..<18 {
      for _ in 0..<20 {
        let level = [60, 180, y % 4 < 2 ? 60 : 180][label]
        for c in 0..<3 {
          pixels.append(UInt8(level / (c == channel ? 1 : 3) + random.integer(in: 0..<40)))
        }
      }
    }
    try folder.write(
      Array("P6\n20 18\n255\n".utf8) + pixels,
      to: "images/\(task)/test/\(Self.classNames[label])/\(index).ppm")
  }
}
