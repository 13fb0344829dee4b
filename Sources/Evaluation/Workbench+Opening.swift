internal import Checkpoints
internal import Imaging
internal import Merging
internal import Streams
internal import TensorCore
internal import VisionModels

/// What a workbench does with files when it is opened.
extension Workbench {
  /// A task's head, and the hash of its file.
  ///
  /// - Throws: also `changedFile` if the file was replaced meanwhile.
  static func head(
    _ task: TaskFiles
  ) throws(EvaluationError) -> (head: ClassificationHead, hash: String) {
    // What can't be read is told by whoever loads it.
    let hash = try? weightsHash(task.head, LoadingOptions())
    let head: ClassificationHead
    do {
      head = try ClassificationHead(contentsOf: task.head)
    } catch {
      throw .model(error)
    }
    let found = try weightsHash(task.head, LoadingOptions())
    guard found == hash else { throw .changedFile(task.head) }
    return (head, found)
  }

  /// Refuses a head for other features than those of `base`.
  static func check(
    _ head: ClassificationHead, of task: TaskFiles, against base: ViTConfiguration
  ) throws(EvaluationError) {
    guard head.embeddingWidth == base.embeddingWidth else {
      throw .wrongHeadWidth(
        path: task.head, expected: base.embeddingWidth, got: head.embeddingWidth)
    }
  }

  /// Lists a task's images and matches their labels with the head's classes.
  ///
  /// - Parameters:
  ///   - head: nil if it can't be read: then the images are looked at all the same, so that
  ///     everything that is missing is told at once.
  ///   - skipsUnreadable: whether images that can't be decoded are left out.
  static func open(
    _ task: TaskFiles, head: (head: ClassificationHead, hash: String)?,
    skipsUnreadable: Bool = false
  ) throws(EvaluationError) -> OpenTask? {
    let names = head.flatMap { $0.head.hasClassNames ? $0.head.classNames : nil }
    let (loaded, skipped) = try task.load(head: names, skipsUnreadable: skipsUnreadable)
    guard let opened = head else { return nil }
    var head = opened.head
    if let mismatch = mismatch(of: loaded.labels, with: head, task) { throw mismatch }
    if !head.hasClassNames { head = head.named(loaded.labels.classNames) }
    let labels: Labels
    do {
      labels = try loaded.labels.indexed(by: head.classNames, source: task.name)
    } catch {
      throw .stream(error)
    }
    return OpenTask(
      task: task, images: loaded.images, labels: labels, head: head, headHash: opened.hash,
      contents: try ImageContents(of: loaded), skipped: skipped)
  }

  /// What keeps the classes of a task's images from being the head's; nil if nothing does.
  static func mismatch(
    of labels: Labels, with head: ClassificationHead, _ task: TaskFiles
  ) -> EvaluationError? {
    guard head.hasClassNames else {
      // Rows without names are the classes in their order.
      let count = labels.classNames.count
      return count == head.classCount
        ? nil
        : .differentClassCount(count, task: task.name, head: task.head, rows: head.classCount)
    }
    let unknown = labels.classNames.filter { !head.classNames.contains($0) }
    return unknown.isEmpty
      ? nil
      : .unknownClasses(unknown, task: task.name, head: task.head, known: head.classNames)
  }

  static func load(
    _ path: String, _ options: LoadingOptions, completing base: VisionCheckpoint? = nil
  ) throws(EvaluationError) -> VisionCheckpoint {
    do {
      return try VisionCheckpoint.load(path, options: options, completing: base)
    } catch {
      throw .model(error)
    }
  }

  /// Refuses an expert with NaN or infinity, where there is no base model that could complete it: what it
  /// lacks by itself is not told.
  static func checkFinite(
    _ path: String, _ options: LoadingOptions
  ) throws(EvaluationError) {
    do {
      _ = try VisionCheckpoint.load(path, options: options)
    } catch {
      if case .checkpoint(.nonFinite) = error { throw .model(error) }
    }
  }

  /// Holds an expert's architecture, names and shapes against the base model's, without its values.
  static func check(
    _ path: String, _ options: LoadingOptions, against base: VisionCheckpoint,
    at basePath: String
  ) throws(EvaluationError) {
    let expert: CheckpointDescription
    do {
      expert = try CheckpointDescription(path, options: options)
      try expert.check(completing: base.configuration)
    } catch {
      throw .model(error)
    }
    try check(
      expert.configuration(completing: base.configuration), of: path,
      against: base.configuration, at: basePath)
  }

  static func check(
    _ configuration: ViTConfiguration, of path: String, against base: ViTConfiguration,
    at basePath: String
  ) throws(EvaluationError) {
    let differences = configuration.differences(from: base)
    guard differences.isEmpty else {
      throw .differentArchitecture(
        path: path, base: basePath,
        differences: differences.map { "\($0.key) is \($0.got), not \($0.base)" })
    }
  }

  /// The hash of what a model is made of: its files, and how they are loaded.
  static func weightsHash(
    _ path: String, _ options: LoadingOptions
  ) throws(EvaluationError) -> String {
    let files: CheckpointFiles
    let paths: [String]
    do {
      files = try CheckpointFiles(path)
      paths = try files.all().filter { $0 != files.preprocessor }
    } catch {
      throw .model(error)
    }
    do {
      var parts = try paths.map { "\(try FileHashes.shared.hash(of: $0))" }
      if options.interpolatesPositions { parts.append("interpolated positions") }
      if let activation = options.activation { parts.append(activation.rawValue) }
      return parts.joined(separator: " ")
    } catch let error as StreamError {
      throw .stream(error)
    } catch {
      throw .unsuitable(file: path, problems: ["\(error)"])
    }
  }

  /// Refuses a model that was loaded from other bytes than those of `hash`, by hashing what is there
  /// after it was loaded; one that can't be read any more has changed too.
  ///
  /// - Throws: `changedFile`.
  static func checkUnchanged(
    _ path: String, _ options: LoadingOptions, hash: String
  ) throws(EvaluationError) {
    guard (try? weightsHash(path, options)) == hash else { throw .changedFile(path) }
  }
}

extension TaskSuite {
  /// With the statistics that the suite's file gives.
  func adjusted(_ preprocessing: Preprocessing) -> Preprocessing {
    Preprocessing(
      imageSize: preprocessing.imageSize, mean: mean ?? preprocessing.mean,
      standardDeviation: standardDeviation ?? preprocessing.standardDeviation,
      resizedSize: preprocessing.resizedSize, isSquare: preprocessing.isSquare,
      filter: preprocessing.filter)
  }
}
