internal import Foundation
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
    guard let state = try? AdaptationState(contentsOf: path(unit)),
      state.checkpoint.origin == origin
    else { return nil }
    return state
  }

  /// Keeps the state of `unit`, in the place of an earlier one.
  func keep(_ state: AdaptationState, of unit: CellKey) throws(EvaluationError) {
    let path = path(unit)
    do {
      try state.write(to: path)
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
