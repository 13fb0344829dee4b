internal import Checkpoints
internal import Foundation
public import TensorCore

/// Heads in files: safetensors with one tensor `weight` `[C, E]`, and in the metadata
/// `class_names`, a JSON array of names in the order of the rows, and `logit_scale`.
extension ClassificationHead {
  /// Loads a head; a file without `logit_scale` has 100.
  ///
  /// - Throws: `ModelError.checkpoint`, `.invalidHead`.
  public init(contentsOf path: String) throws(ModelError) {
    let weights: Tensor
    let metadata: [String: String]
    do throws(CheckpointError) {
      let file = try SafetensorsFile(path: path)
      weights = try file.tensor(named: "weight")
      metadata = file.metadata
    } catch {
      throw .checkpoint(error)
    }
    guard weights.shape.rank == 2, weights.shape.count > 0 else {
      throw .invalidHead(
        path: path, problem: "weight has shape \(weights.shape), should be [classes, features]")
    }
    guard let encoded = metadata["class_names"],
      let names = try? JSONDecoder().decode([String].self, from: Data(encoded.utf8))
    else {
      throw .invalidHead(
        path: path, problem: "the metadata should have class_names, a JSON array of texts")
    }
    guard names.count == weights.shape[0] else {
      throw .invalidHead(
        path: path,
        problem: "\(names.count) class_names for \(weights.shape[0]) rows of weight")
    }
    let scaleText = metadata["logit_scale"] ?? "100"
    guard let scale = Float(scaleText), scale > 0, scale.isFinite else {
      throw .invalidHead(
        path: path, problem: "logit_scale is \(scaleText), should be a positive number")
    }
    self.init(classNames: names, weights: weights, logitScale: scale)
  }

  /// Writes a file that `init(contentsOf:)` reads.
  public func write(to path: String, dtype: DType = .float32) throws(ModelError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let names = String(decoding: try! encoder.encode(classNames), as: UTF8.self)
    do throws(CheckpointError) {
      try SafetensorsWriter.write(
        [("weight", weights)], dtype: dtype,
        metadata: ["class_names": names, "logit_scale": "\(logitScale)"], to: path)
    } catch {
      throw .checkpoint(error)
    }
  }
}
