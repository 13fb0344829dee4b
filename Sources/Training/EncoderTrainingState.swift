internal import Checkpoints
internal import Foundation
internal import TensorCore

/// Everything that an optimisation changes: the encoder, the heads and both optimisers.
struct EncoderTrainingState: Sendable {
  var trunk: StateDict
  var heads: StateDict
  var trunkOptimizer: AdamW
  var headOptimizer: AdamW

  init(trunk: StateDict, heads: StateDict, _ settings: AdamW.Settings) {
    self.trunk = trunk
    self.heads = heads
    trunkOptimizer = AdamW(trunk.layout, settings)
    headOptimizer = AdamW(heads.layout, settings)
  }

  /// How many steps were made.
  var step: Int { trunkOptimizer.step }

  /// Writes the state as a safetensors file of six flat vectors, in full precision.
  ///
  /// - Parameter fingerprint: names the training; `restore` wants the same.
  func save(to path: String, fingerprint: String) throws(TrainingError) {
    func vector(_ dictionary: StateDict) -> Tensor {
      Tensor(shape: [dictionary.values.count], values: dictionary.values)
    }
    do {
      try SafetensorsWriter.write(
        [
          ("trunk", vector(trunk)),
          ("trunk.first_moment", vector(trunkOptimizer.firstMoment)),
          ("trunk.second_moment", vector(trunkOptimizer.secondMoment)),
          ("heads", vector(heads)),
          ("heads.first_moment", vector(headOptimizer.firstMoment)),
          ("heads.second_moment", vector(headOptimizer.secondMoment)),
        ], dtype: .float32,
        metadata: [
          "step": "\(step)", "head_step": "\(headOptimizer.step)", "fingerprint": fingerprint,
        ], to: path)
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }

  /// Takes up a saved state.
  ///
  /// - Throws: `TrainingError.otherSettings` if it is another training's; `file` if it is damaged.
  mutating func restore(from path: String, fingerprint: String) throws(TrainingError) {
    do {
      let file = try SafetensorsFile(path: path)
      guard file.metadata["fingerprint"] == fingerprint else {
        throw TrainingError.otherSettings(path: path)
      }
      try file.read("trunk", into: &trunk)
      try file.read("trunk.first_moment", into: &trunkOptimizer.firstMoment)
      try file.read("trunk.second_moment", into: &trunkOptimizer.secondMoment)
      try file.read("heads", into: &heads)
      try file.read("heads.first_moment", into: &headOptimizer.firstMoment)
      try file.read("heads.second_moment", into: &headOptimizer.secondMoment)
      trunkOptimizer.step = try file.count("step")
      headOptimizer.step = try file.count("head_step")
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }
}

extension SafetensorsFile {
  /// All values of `dictionary` from the tensor `name`.
  fileprivate func read(_ name: String, into dictionary: inout StateDict) throws {
    let values = try tensor(named: name).values
    guard values.count == dictionary.layout.count else {
      throw TrainingError.file(
        path: path, reason: "'\(name)' has \(values.count) values, not \(dictionary.layout.count)")
    }
    dictionary.values = values
  }

  /// A number of steps among the metadata.
  fileprivate func count(_ name: String) throws -> Int {
    let count = metadata[name].flatMap { Int($0) }
    guard let count, (0...1_000_000_000).contains(count) else {
      throw TrainingError.file(
        path: path, reason: "its '\(name)' is \(metadata[name] ?? "missing"), no number of steps")
    }
    return count
  }
}
