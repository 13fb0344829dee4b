import ArgumentParser
import Communication
import Foundation
import Merging
import TensorCore

/// How an adaptation is kept while it runs.
struct CheckpointOptions: ParsableArguments {
  @Option(help: "Keep the state of the adaptation every so many steps, and at the end.")
  var checkpointEvery: Int?

  @Flag(help: "Go on from the state that is in the output folder.")
  var resume = false

  var isEmpty: Bool { checkpointEvery == nil && !resume }

  func validate() throws {
    if let checkpointEvery, checkpointEvery < 1 {
      throw ValidationError("--checkpoint-every is at least 1")
    }
  }
}

/// One run of AdaMerging for a user who watches: progress, and states to go on from. Of several ranks,
/// rank 0 shows, reads and writes.
struct AdaptationSession {
  let method: AdaMerging
  /// The folder of the outcome.
  let output: String
  let checkpoints: CheckpointOptions
  /// What determines the run: a state of another one is refused.
  let origin: [String: String]
  let communicator: any Communicator

  private var statePath: String {
    URL(filePath: output, directoryHint: .isDirectory).appending(path: "adaptation-state.json")
      .path(percentEncoded: false)
  }

  /// Runs all steps, or those that are left.
  func run(_ bank: TaskVectorBank, adaptingTo stream: AdaptationData) throws -> MergedModel {
    var data = stream
    let steps = method.settings.steps
    try checkOrigin()
    let saved = try savedState()
    let start = saved?.steps ?? 0
    guard start <= steps else {
      throw CommandFailure.input(
        "\(statePath): is of step \(start), beyond the \(steps) steps that are wanted")
    }
    var run = try AdaMergingRun(
      method, bank: bank, encoder: data.encoder, resuming: saved, communicator: communicator)
    if !checkpoints.isEmpty, communicator.leads {
      do {
        try FileManager.default.createDirectory(
          atPath: output, withIntermediateDirectories: true)
      } catch {
        throw CommandFailure.input("\(output): can't be made: \(FileReason.of(error))")
      }
    }
    data.skip(steps: start, of: method.settings.batchesPerStep)
    let bar = ProgressBar(isSilent: !communicator.leads)
    if communicator.size > 1 {
      bar.message("\(communicator.size) ranks, \(Parallel.threadCount) threads on rank 0")
    }
    if start > 0 { bar.message("going on from step \(start) of \(steps)") }
    let clock = ContinuousClock()
    let begin = clock.now
    for number in start..<steps {
      let step = try run.step(data.nextBatches(method.settings.batchesPerStep))
      let done = number + 1 - start
      let seconds = (clock.now - begin) / .seconds(1) / Double(done)
      bar.update(
        Double(done) / Double(steps - start),
        Self.text(step, of: steps, secondsPerStep: seconds))
      let isDue = checkpoints.checkpointEvery.map { (number + 1) % $0 == 0 } ?? false
      if isDue || number + 1 == steps { try keep(run) }
    }
    bar.finish()
    return try run.model()
  }

  /// Refuses ranks whose machines hold other models or images than rank 0's.
  private func checkOrigin() throws {
    let leading = try communicator.shared(origin)
    let differences = Set(origin.keys).union(leading.keys).filter { origin[$0] != leading[$0] }
    guard differences.isEmpty else {
      throw CommandFailure.input(
        "not the same as on rank 0: \(differences.sorted().joined(separator: ", ")); every rank "
          + "needs the same files and options")
    }
  }

  /// The state to go on from: what rank 0 reads, on every rank.
  private func savedState() throws -> AdaMergingRun.State? {
    guard checkpoints.resume else { return nil }
    return try communicator.shared(
      communicator.leads
        ? AdaptationCheckpoint(contentsOf: statePath, expecting: origin).state : nil)
  }

  private func keep(_ run: AdaMergingRun) throws {
    guard !checkpoints.isEmpty, communicator.leads else { return }
    try AdaptationCheckpoint(origin: origin, state: run.state).write(to: statePath)
  }

  /// A step on one line: what is minimised, and the task that is nearest to a collapse.
  private static func text(
    _ step: AdaptationStep, of steps: Int, secondsPerStep: Double
  ) -> String {
    let entropy = step.entropies.reduce(0, +) / Double(step.entropies.count)
    let share = step.largestClassShares.max()!
    let task = step.tasks[step.largestClassShares.firstIndex(of: share)!]
    return String(
      format: "step %d of %d, loss %.4f, entropy %.4f, top class %.0f%% (%@), %.2f s/step",
      step.step, steps, step.loss, entropy, 100 * share, task, secondsPerStep)
  }
}
