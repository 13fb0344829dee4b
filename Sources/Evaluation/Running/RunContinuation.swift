internal import Foundation
internal import Inputs
internal import Merging
internal import Results
internal import TensorCore

/// What lets a run that is cut off go on where it was, and not with the adaptation that it was at from
/// the start: the adaptation's state, kept now and then and when the run is asked to stop.
public struct RunContinuation: Sendable {
  /// Where states are kept, one file per unit, each until its unit is done.
  public let folder: String
  /// How long an adaptation goes on before its state is kept again.
  public var interval: Duration
  /// Whether the run is asked to stop: after the step that it is at, it keeps the state and ends.
  public var isStopping: @Sendable () -> Bool

  public init(
    folder: String, interval: Duration = .seconds(300),
    isStopping: @escaping @Sendable () -> Bool = { false }
  ) {
    self.folder = folder
    self.interval = interval
    self.isStopping = isStopping
  }

  /// Throws `interrupted` if the run is asked to stop.
  func check() throws(EvaluationError) {
    if isStopping() { throw .interrupted }
  }

  private func path(_ unit: CellKey) -> String { "\(folder)/\(unit).state" }

  /// The state that was kept of `unit`; nil if there is none that fits. One that can't be read, or is
  /// not as it was written, is no reason to stop: the adaptation then starts anew.
  func state(of unit: CellKey, origin: [String: String]) -> AdaptationState? {
    guard let bytes = try? InputFile.bytes(path(unit), limit: .textBytes),
      let content = Self.checked(bytes),
      let state = try? JSONDecoder().decode(AdaptationState.self, from: Data(content)),
      state.checkpoint.origin == origin
    else { return nil }
    return state
  }

  /// `content` with its hash on a line before it: a figure that the disk changed would change results.
  static func sealed(_ content: [UInt8]) -> [UInt8] {
    Array("\(ContentHash(of: content))\n".utf8) + content
  }

  /// What `sealed` was given; nil if that is not what `bytes` are.
  private static func checked(_ bytes: [UInt8]) -> [UInt8]? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let content = Array(bytes[(end + 1)...])
    return bytes[..<end].elementsEqual(ContentHash(of: content).description.utf8) ? content : nil
  }

  /// Keeps the state of `unit`, in the place of an earlier one.
  func keep(_ state: AdaptationState, of unit: CellKey) throws(EvaluationError) {
    let path = path(unit)
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.replace(path, with: Self.sealed(Array(try encoder.encode(state))))
    } catch let error as ResultError {
      throw .result(error)
    } catch {
      throw .result(.unwritable(path: path, reason: FileReason.of(error)))
    }
  }

  /// Forgets the state of a unit that is done.
  func forget(_ unit: CellKey) {
    try? FileManager.default.removeItem(atPath: path(unit))
  }
}

/// An adaptation between two steps: all that the rest of its unit depends on.
struct AdaptationState: Codable {
  let checkpoint: AdaptationCheckpoint
  /// Spent on its steps.
  let seconds: Double
  let peakMemoryBytes: Int
  /// The predictions of the phase that the stream is in, of prequential evaluations, by order.
  let online: [String: OnlineTally]

  /// Whether the cells that are left can be computed from here: none belongs to a phase that is past,
  /// and those that are evaluated online find the predictions so far.
  func serves(_ pending: [PlannedCell], stepsPerPhase: Int, phases: Int) -> Bool {
    let steps = checkpoint.state.steps
    return pending.allSatisfy { planned in
      let phase = planned.cell.boundary ?? phases
      let (first, last) = ((phase - 1) * stepsPerPhase, phase * stepsPerPhase)
      guard steps <= last else { return false }
      guard let order = planned.cell.online, steps > first else { return true }
      return online[order.rawValue]?.steps.count == steps - first
    }
  }
}
