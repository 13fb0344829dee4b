internal import Foundation
internal import Inputs
internal import TensorCore

/// A saved adaptation: raw coefficients, the optimizer's moments, the trajectory, and what it was
/// made with, so that a run goes on from it bit for bit as if it had not stopped, or not at all.
///
/// Stored as JSON, whose doubles are written so that they are read back exactly.
public struct AdaptationCheckpoint: Sendable, Equatable, Codable {
  /// Everything that determines the adaptation but the number of steps, by name.
  public let origin: [String: String]
  public let state: AdaMergingRun.State

  public init(origin: [String: String], state: AdaMergingRun.State) {
    self.origin = origin
    self.state = state
  }

  /// Reads a file that `write` wrote.
  ///
  /// - Parameter origin: what the run is made with now.
  /// - Throws: `unreadable`; `differentCheckpoint` with every difference to `origin`.
  public init(contentsOf path: String, expecting origin: [String: String]) throws(MergingError) {
    do {
      let data = Data(try InputFile.bytes(path, limit: .textBytes))
      self = try JSONDecoder().decode(Self.self, from: data)
    } catch {
      throw .unreadable(path: path, reason: MergingCoefficients.reason(error))
    }
    let names = Set(self.origin.keys).union(origin.keys).sorted()
    let differences = names.compactMap { name -> String? in
      let (saved, wanted) = (self.origin[name], origin[name])
      guard saved != wanted else { return nil }
      return "\(name) was \(saved ?? "not set"), is \(wanted ?? "not set")"
    }
    guard differences.isEmpty else {
      throw .differentCheckpoint(path: path, differences: differences)
    }
  }

  /// Writes the checkpoint to `path`: whole or not at all.
  public func write(to path: String) throws(MergingError) {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: FileReason.of(error))
    }
  }
}
