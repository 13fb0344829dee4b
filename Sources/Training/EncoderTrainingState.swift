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
  /// - Throws: `TrainingError.otherSettings` if it is another training's.
  mutating func restore(from path: String, fingerprint: String) throws(TrainingError) {
    do {
      let file = try SafetensorsFile(path: path)
      guard file.metadata["fingerprint"] == fingerprint else {
        throw TrainingError.otherSettings(path: path)
      }
      trunk.values = try file.tensor(named: "trunk").values
      trunkOptimizer.firstMoment.values = try file.tensor(named: "trunk.first_moment").values
      trunkOptimizer.secondMoment.values = try file.tensor(named: "trunk.second_moment").values
      heads.values = try file.tensor(named: "heads").values
      headOptimizer.firstMoment.values = try file.tensor(named: "heads.first_moment").values
      headOptimizer.secondMoment.values = try file.tensor(named: "heads.second_moment").values
      trunkOptimizer.step = Int(file.metadata["step"] ?? "") ?? 0
      headOptimizer.step = Int(file.metadata["head_step"] ?? "") ?? 0
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }
}
