import ArgumentParser
import Datasets
import Evaluation
import Imaging
import Merging
import Streams
import TensorCore
import VisionModels

/// What methods that adapt need besides the experts, for `mergeshift merge`.
struct AdaptationOptions: ParsableArguments {
  @Option(help: "NAME=FILE, the classification head of a task; one for each expert.")
  var head: [NamedPath] = []

  @Option(
    help:
      "NAME=PATH, the images of a task, a folder of class folders or another data set; one for each expert."
  )
  var images: [NamedPath] = []

  @Option(help: "Images in a batch (default: 16).")
  var batchSize: Int?

  @Option(help: "The seed of the order of the images (default: 0).")
  var seed: UInt64?

  var isEmpty: Bool { head.isEmpty && images.isEmpty && batchSize == nil && seed == nil }

  func validate() throws {
    guard batchSize ?? 1 > 0 else { throw ValidationError("a batch holds at least one image") }
  }

  /// The tasks' heads and streams for a method that adapts; nil for the others.
  func data(
    for method: any MergingMethod, tasks: [String], _ checkpoint: VisionCheckpoint, at base: String
  ) throws -> AdaptationData? {
    guard let settings = (method as? any AdaptiveMethod)?.settings else {
      guard isEmpty else {
        throw CommandFailure.input("\(method.name) does not adapt: it takes no heads and images")
      }
      return nil
    }
    let preprocessing = try checkpoint.imagePreprocessing(base)
    let streams = try tasks.map { task in
      let head = try ClassificationHead(contentsOf: path(of: task, in: head, "--head"))
      let source = DatasetSource(try path(of: task, in: images, "--images"))
      let dataset = try source.load(name: task).images
      let stream = TestStream(
        of: dataset, batchSize: batchSize ?? settings.batchSize, order: order(settings),
        seed: seed ?? 0)
      return AdaptationData.Task(
        name: task, head: head, batches: try FolderBatches(stream, preprocessing))
    }
    return AdaptationData(
      encoder: VisionTransformer(configuration: checkpoint.configuration), tasks: streams)
  }

  /// How the protocol's own code takes the images.
  private func order(_ settings: AdaMergingSettings) -> StreamOrder {
    switch settings.preset {
    case .paper: .reshuffledEachStep(batchesPerStep: settings.batchesPerStep)
    case .fusionbench: .epochs
    }
  }

  private func path(of task: String, in paths: [NamedPath], _ option: String) throws -> String {
    guard let found = paths.last(where: { $0.name == task }) else {
      throw CommandFailure.input("task '\(task)' needs \(option) \(task)=PATH")
    }
    return found.path
  }
}

/// A stream of image files, decoded and cropped once.
private struct FolderBatches: UnlabeledBatches {
  private var stream: TestStream
  private let preprocessing: Preprocessing
  private let crops: [PixelImage]

  init(_ stream: TestStream, _ preprocessing: Preprocessing) throws(ImageError) {
    self.stream = stream
    self.preprocessing = preprocessing
    let samples = stream.images.samples
    crops = try Parallel.map(samples.count) { index throws(ImageError) in
      preprocessing.pixels(try samples[index].image())
    }
  }

  mutating func next() -> Tensor {
    preprocessing.normalize(stream.next().map { crops[$0.index] })
  }
}
