internal import Checkpoints
internal import Foundation
internal import Inputs
public import TensorCore

/// Heads in files: safetensors with one tensor `weight` `[C, E]` and perhaps `bias` `[C]`, and in the
/// metadata `class_names`, a JSON array of names in the order of the rows, `logit_scale`, and
/// `normalize`, whether features are normalized. Others' files are read, too, see `HeadFile`.
extension ClassificationHead {
  /// Loads a head.
  ///
  /// - `logit_scale` counts, if it is there. Without it, rows of length 100 (the official heads have
  ///   CLIP's factor baked in) become unit rows with a scale of 100; unit rows, and rows of any
  ///   length beside `class_names`, get 100; other rows are taken as they are, with a scale of 1.
  /// - Without `normalize`, features are normalized unless there is a bias other than 0.
  ///
  /// - Throws: `ModelError.checkpoint`, `.invalidHead`.
  public init(contentsOf path: String) throws(ModelError) {
    let file = try HeadFile.read(path)
    func invalid(_ problem: String) -> ModelError { .invalidHead(path: path, problem: problem) }
    var weights = file.weights
    guard weights.shape.rank == 2, weights.shape.count > 0 else {
      throw invalid("weight has shape \(weights.shape), should be [classes, features]")
    }
    guard weights.shape[0] <= Limit.classes.value else {
      throw invalid(
        "\(weights.shape[0]) classes, the limit \(Limit.classes.rawValue) is "
          + "\(Limit.classes.value)")
    }
    if let found = NonFiniteValues(among: weights.values.span) {
      throw .checkpoint(.nonFinite(file: path, tensor: "weight", found))
    }
    if let names = file.classNames, names.count != weights.shape[0] {
      throw invalid("\(names.count) class_names for \(weights.shape[0]) rows of weight")
    }
    let bias = file.bias.flatMap { $0.allSatisfy { $0 == 0 } ? nil : $0 }
    if let bias, bias.count != weights.shape[0] {
      throw invalid("bias should be \(weights.shape[0]) numbers, one for each row of weight")
    }
    if let found = bias.flatMap({ NonFiniteValues(among: $0.span) }) {
      throw .checkpoint(.nonFinite(file: path, tensor: "bias", found))
    }
    let normalizes = file.normalizes ?? (bias == nil)
    var scale: Float = 1
    if let text = file.logitScale {
      guard let stated = Float(text), stated > 0, stated.isFinite else {
        throw invalid("logit_scale is \(text), should be a positive number")
      }
      scale = stated
    } else if normalizes, weights.rowsHaveLength(100) {
      for index in weights.values.indices { weights.values[index] /= 100 }
      scale = 100
    } else if normalizes, file.classNames != nil || weights.rowsHaveLength(1) {
      scale = 100
    }
    self.init(
      classNames: file.classNames, weights: weights, logitScale: scale, bias: bias,
      normalizesFeatures: normalizes)
  }

  /// Writes a file that `init(contentsOf:)` reads.
  public func write(to path: String, dtype: DType = .float32) throws(ModelError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    var metadata = ["logit_scale": "\(logitScale)"]
    if hasClassNames {
      metadata["class_names"] = String(decoding: try! encoder.encode(classNames), as: UTF8.self)
    }
    if !normalizesFeatures { metadata["normalize"] = "false" }
    var tensors = [(name: "weight", tensor: weights)]
    if let bias { tensors.append(("bias", Tensor(shape: [bias.count], values: bias))) }
    do throws(CheckpointError) {
      try SafetensorsWriter.write(tensors, dtype: dtype, metadata: metadata, to: path)
    } catch {
      throw .checkpoint(error)
    }
  }
}

extension Tensor {
  /// Whether all rows are of this length, within a hundredth.
  fileprivate func rowsHaveLength(_ length: Double) -> Bool {
    (0..<rowCount).allSatisfy { row in
      let squares = values[row * rowLength..<(row + 1) * rowLength].reduce(0.0) {
        $0 + Double($1) * Double($1)
      }
      return abs(squares.squareRoot() / length - 1) < 0.01
    }
  }
}
