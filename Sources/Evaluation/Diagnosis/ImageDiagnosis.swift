internal import Imaging
internal import Streams
internal import TensorCore
internal import VisionModels

/// The test images of a task: classes, counts, and whether a few of each class can be decoded.
struct ImageDiagnosis {
  typealias Finding = PlanDiagnosis.Finding

  private(set) var findings: [Finding] = []
  /// Nil if they can't be listed.
  private(set) var images: LabeledImages?

  /// Images of each class that are decoded: the first, the last, and between.
  private static let samplesPerClass = 3

  /// - Parameters:
  ///   - head: whose classes the images' should be; nil if it can't be read.
  ///   - preprocessing: the base model's; nil: CLIP's.
  init(
    _ task: TaskFiles, of suite: TaskSuite, head: ClassificationHead?,
    preprocessing: Preprocessing?
  ) {
    let subject = "images of '\(task.name)'"
    let place = SuitePlace(.images, of: task.name)
    let loaded: LabeledImages
    do {
      loaded = try task.load(head: head?.classNames)
    } catch {
      findings += Finding.problems(suite, place, subject, error)
      return
    }
    images = loaded
    let classes = Dictionary(grouping: loaded.images.samples) { loaded.labels[$0.id] ?? 0 }
    let sizes = classes.values.map(\.count)
    let unreadable = Self.unreadable(
      classes.sorted { $0.key < $1.key }.map(\.value), preprocessing ?? .clip)
    let opened = sizes.reduce(0) { $0 + min($1, Self.samplesPerClass) }
    let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 0)
    findings.append(
      Finding(
        .present, subject,
        "\(loaded.labels.classNames.count) classes, \(loaded.images.count) images ("
          + (least == most ? "\(least)" : "\(least) to \(most)")
          + " a class), \(opened - unreadable.count) of \(opened) tried are readable"))
    findings += unreadable.map {
      Finding(.problem, subject, suite.problem(place, "\($0); replace the file or take it out"))
    }
    guard let head else { return }
    if let mismatch = Workbench.mismatch(of: loaded.labels, with: head, task) {
      findings += Finding.problems(suite, place, subject, mismatch)
    } else if head.hasClassNames {
      let empty = head.classNames.filter { !loaded.labels.classNames.contains($0) }
      guard !empty.isEmpty else { return }
      findings.append(
        Finding(
          .remark, subject,
          "classes of the head without images: \(empty.joined(separator: ", "))"))
    }
  }

  /// What keeps images from being read, of those tried.
  private static func unreadable(
    _ classes: [[Sample]], _ preprocessing: Preprocessing
  ) -> [String] {
    let tried = classes.flatMap { samples -> [Sample] in
      let last = samples.count - 1
      return Set([0, last / 2, last]).sorted().map { samples[$0] }
    }
    let preprocessor = Preprocessor(
      preprocessing: preprocessing, domain: .clean, corruption: nil, seed: 0)
    return Parallel.map(tried.count) { index -> String? in
      do throws(EvaluationError) {
        _ = try preprocessor.pixels(of: tried[index])
        return nil
      } catch {
        return "\(error)"
      }
    }.compactMap(\.self)
  }
}
