internal import Checkpoints
internal import Foundation
internal import Merging
internal import Streams
internal import TensorCore
internal import VisionModels

/// What a plan would take: memory, room for temporary files and results, and time, from the model's
/// size and its speed on this machine. Estimates, within a third or so.
struct PlanCost {
  typealias Finding = PlanDiagnosis.Finding

  /// Bytes.
  private(set) var memory = 0
  private(set) var temporary = 0
  private(set) var results = 0
  /// Seconds of the longest step of an adaptation; 0 if no method adapts.
  private(set) var step = 0.0
  /// Images in such a step.
  private(set) var stepImages = 0
  /// Seconds of all cells, adaptations and evaluations.
  private(set) var total = 0.0

  /// What the runner keeps in memory of prepared images, and a bank of task vectors.
  private static let (imageLimit, vectorLimit) = (2 << 30, 1 << 30)

  /// - Parameter images: of each task; tasks that can't be listed are left out.
  init(_ experiments: [Experiment], images: [String: LabeledImages], base: VisionCheckpoint) {
    let configuration = base.configuration
    let model = base.parameters.layout.count * MemoryLayout<Float>.stride
    let speed = ModelSpeed(base)
    let activations = VisionTransformer(configuration: configuration).activationBytesPerImage
    let crop = 3 * configuration.imageSize * configuration.imageSize
    let bytes = images.mapValues { $0.images.count * crop }
    let inMemory = bytes.values.filter { $0 <= Self.imageLimit }.reduce(0, +)
    var works: Set<Work> = []
    var adaptations: Set<Adaptation> = []
    var prepared: Set<BatchCache.Key> = []
    var spilled = 0
    for experiment in experiments {
      let vectors = experiment.seen.count
      let kept = min(vectors, Self.vectorLimit / max(1, model))
      spilled = max(spilled, (vectors - kept) * model)
      // Merging reads each vector for the weights and again for the gradient.
      let merging = Double(model * (2 * vectors + 3)) / ModelSpeed.bytesPerSecond
      var passImages = 0
      let cells = experiment.cells
      for cell in cells where works.insert(Work(cell)).inserted {
        let evaluated = cell.tasks.reduce(0) {
          $0 + Self.count(images[$1], cell.evaluate.selection, seed: cell.seed)
        }
        total += speed.forward * Double(evaluated)
        for phase in [cell.evaluate.phase] + (cell.adaptation.stream?.shift.phases ?? []) {
          for task in cell.tasks where bytes[task] ?? 0 > Self.imageLimit {
            prepared.insert(
              RunImages.key(task, phase, profile: cell.profile, seed: cell.seed))
          }
        }
      }
      for adaptation in Set(cells.map(\.adaptation)) {
        let load = AdaptationLoad(adaptation) { task in
          Self.count(images[task], adaptation.stream?.selection ?? .all, seed: adaptation.seed)
        }
        guard let load else { continue }
        let seconds = speed.both * Double(load.imagesPerStep) + merging
        if seconds > step { (step, stepImages) = (seconds, load.imagesPerStep) }
        passImages = max(passImages, min(load.imagesPerStep, load.imagesPerPass))
        guard adaptations.insert(adaptation).inserted else { continue }
        let phases = Double(load.phases.count)
        total +=
          phases * (speed.both * Double(load.imagesPerPhase) + merging * Double(load.steps))
      }
      // The base model, the merged one, gradients, an expert and its file while they are loaded.
      memory = max(
        memory,
        5 * model + kept * model + min(passImages * activations, AdaMergingRun.activationMemory)
          + min(Self.imageLimit, inMemory))
      results += cells.count * (2048 + 1024 * experiment.tasks.count)
    }
    // Prepared images in files stay to the run's end.
    temporary = spilled + prepared.reduce(0) { $0 + (bytes[$1.task] ?? 0) }
  }

  /// What determines a cell: experiments that agree in it share the cell.
  private struct Work: Hashable {
    let adaptation: Adaptation
    let unseen: [String]
    let evaluate: EvaluationStream
    let online: OnlineOrder?
    let boundary: Int?

    init(_ cell: Cell) {
      adaptation = cell.adaptation
      unseen = cell.unseen
      evaluate = cell.evaluate
      online = cell.online
      boundary = cell.boundary
    }
  }

  /// How many images of a task a selection takes.
  private static func count(
    _ images: LabeledImages?, _ selection: SelectionPlan, seed: UInt64
  ) -> Int {
    guard let images, selection != .all else { return images?.images.count ?? 0 }
    let taken = try? SampleSelection(
      of: images.images, labels: images.labels, plan: selection, seed: seed)
    return taken?.count ?? 0
  }

  /// The estimates, and what there is not enough of.
  func findings(output: String) -> [Finding] {
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    var findings = [
      Finding(
        memory > available ? .problem : .remark, "memory",
        "about \(Self.size(memory)) at the peak of \(Self.size(available))"
          + (memory > available
            ? "; use a machine with more, or smaller batches and fewer batches_per_step" : ""))
    ]
    if step > 0 {
      findings.append(
        Finding(
          .remark, "time",
          "about \(Self.time(step)) a step of \(stepImages) images, \(Self.time(total)) for all "
            + "cells, on \(Parallel.threadCount) threads"))
    } else {
      findings.append(Finding(.remark, "time", "about \(Self.time(total)) for all cells"))
    }
    let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    findings.append(
      Self.room("temporary files", folder, needed: temporary, remedy: "set TMPDIR to a folder"))
    findings.append(
      Self.room("results", output, needed: results, remedy: "give --output a folder on a disk"))
    return findings
  }

  private static func room(
    _ subject: String, _ path: String, needed: Int, remedy: String
  ) -> Finding {
    guard let free = freeBytes(path) else {
      return Finding(.remark, subject, "\(path): how much is free can't be told")
    }
    let need = needed > 0 ? "about \(size(needed))" : "nothing"
    let text = "\(path): \(need) needed, \(size(free)) free"
    return needed < free
      ? Finding(.present, subject, text)
      : Finding(.problem, subject, "\(text); \(remedy) with more room")
  }

  /// The free bytes where `path` lies or would lie.
  private static func freeBytes(_ path: String) -> Int? {
    var url = URL(filePath: path).standardizedFileURL
    while !FileManager.default.fileExists(atPath: url.path(percentEncoded: false)),
      url.path() != "/"
    {
      url = url.deletingLastPathComponent()
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(
      forPath: url.path(percentEncoded: false))
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
  }

  private static func size(_ bytes: Int) -> String {
    bytes < 1 << 30
      ? "\((bytes + 1 << 20 - 1) / (1 << 20)) MiB"
      : String(format: "%.1f GiB", Double(bytes) / Double(1 << 30))
  }

  private static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<0.1: String(format: "%.0f ms", 1000 * seconds)
    case ..<120: String(format: "%.1f s", seconds)
    case ..<7200: String(format: "%.0f min", seconds / 60)
    default: String(format: "%.1f h", seconds / 3600)
    }
  }
}

/// Seconds for an image of a model on this machine and these threads, measured on a few.
struct ModelSpeed {
  /// Forward alone.
  let forward: Double
  /// Forward and back.
  let both: Double

  /// What merging reads and writes, memory's pace.
  static let bytesPerSecond = 4e9

  init(_ model: VisionCheckpoint) {
    let encoder = VisionTransformer(configuration: model.configuration)
    let (size, parameters) = (encoder.imageSize, model.parameters)
    // About as many tokens as fill the threads.
    let count = max(1, min(16, 2048 / model.configuration.tokenCount))
    let pixels = Tensor(zeros: [count, 3, size, size])
    let gradient = Tensor(zeros: [count, encoder.embeddingWidth])
    var gradients = StateDict(zeros: encoder.layout)
    func seconds(_ work: () -> Void) -> Double {
      work()
      return (ContinuousClock().measure(work) / .seconds(1)) / Double(count)
    }
    forward = seconds { _ = encoder.features(of: pixels, parameters: parameters) }
    both = seconds {
      let tape = encoder.recordFeatures(of: pixels, parameters: parameters).tape
      encoder.accumulateGradients(
        of: gradient, through: tape, parameters: parameters, into: &gradients)
    }
  }
}
