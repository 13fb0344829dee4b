internal import Foundation
internal import Inputs
internal import Merging
internal import Results
internal import TensorCore

/// An adaptation between two steps: all that the rest of its unit depends on.
struct AdaptationState {
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

/// The file of a state: the hash of the rest, for a figure that the disk changed would change results; what
/// does not grow with the images, as JSON on a line; then the places and scores of online evaluations.
extension AdaptationState {
  private struct Outline: Codable {
    let checkpoint: AdaptationCheckpoint
    let seconds: Double
    let peakMemoryBytes: Int
    let online: [String: OnlineTally.Outline]
  }

  /// `content` with its hash on a line before it.
  static func sealed(_ content: [UInt8]) -> [UInt8] {
    Array("\(ContentHash(of: content))\n".utf8) + content
  }

  /// Writes the state to `path`: whole or not at all.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let outline = Array(
      try encoder.encode(
        Outline(
          checkpoint: checkpoint, seconds: seconds, peakMemoryBytes: peakMemoryBytes,
          online: online.mapValues(\.outline))))
    func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
      try body(outline)
      try body([UInt8(ascii: "\n")])
      for (_, tally) in online.sorted(by: { $0.key < $1.key }) { try tally.forEachPiece(body) }
    }
    let hasher = ContentHasher()
    try forEachPiece { hasher.update($0.span) }
    try AtomicFile.replace(path) { write in
      try write(Data("\(hasher.hash)\n".utf8))
      try forEachPiece { try write(Data($0)) }
    }
  }

  /// Reads what `write` wrote.
  ///
  /// - Throws: `unreadable`, or why it is no JSON of a state, if the file is not as it was written.
  init(contentsOf path: String) throws {
    var rest = try StateReader(path)
    let damage = ResultError.unreadable(path: path, reason: "not as it was written")
    guard let seal = try rest.line(limit: 64),
      seal.elementsEqual(try rest.hash().description.utf8),
      let line = try rest.line(limit: Limit.textBytes.value)
    else { throw damage }
    let outline = try JSONDecoder().decode(Outline.self, from: Data(line))
    var online: [String: OnlineTally] = [:]
    for (order, tally) in outline.online.sorted(by: { $0.key < $1.key }) {
      guard let found = try OnlineTally(tally, from: &rest) else { throw damage }
      online[order] = found
    }
    guard rest.count == 0 else { throw damage }
    self.init(
      checkpoint: outline.checkpoint, seconds: outline.seconds,
      peakMemoryBytes: outline.peakMemoryBytes, online: online)
  }
}
