internal import Checkpoints
internal import Foundation
internal import Inputs
public import TensorCore

extension VisionCheckpoint {
  /// Writes the model into the folder `directory`, which is made if need be, as `model.safetensors`
  /// and, unless it came as weights alone, `config.json`.
  ///
  /// A model that was loaded is written as it came: with the names, forms, order and types of its
  /// file, with the tensors that are no part of the vision tower, its own `config.json` and
  /// `preprocessor_config.json`. A new one is written as Hugging Face's.
  ///
  /// - Parameter dtype: how the parameters are stored; nil: as they came, F32 for a new model.
  /// - Throws: `ModelError.unwritable`, `.unreadable`, `.checkpoint`.
  public func write(to directory: String, dtype: DType? = nil) throws(ModelError) {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: directory, reason: FileReason.of(error))
    }
    let weights = CheckpointFiles.join(directory, "model.safetensors")
    let target = CheckpointFiles.join(directory, "config.json")
    guard let origin else {
      try configuration.write(to: target)
      do {
        try SafetensorsWriter.write(
          parameters, dtype: dtype ?? .float32, metadata: ["format": "pt"], to: weights)
      } catch {
        throw .checkpoint(error)
      }
      return
    }
    if let source = origin.files.configuration {
      try copyConfiguration(from: source, to: target)
    }
    if let source = origin.files.preprocessor {
      let data = try Self.read(source)
      try Self.write(data, to: CheckpointFiles.join(directory, "preprocessor_config.json"))
    }
    // Weights alone do not tell these two.
    let facts = [
      "hidden_act": configuration.activation.rawValue,
      "num_attention_heads": "\(configuration.headCount)",
    ]
    do {
      try SafetensorsWriter.write(
        parameters, like: origin.source, by: origin.ownMap(of: configuration),
        metadata: origin.files.configuration == nil ? facts : [:], dtype: dtype, to: weights)
    } catch {
      throw .checkpoint(error)
    }
  }

  /// The file's `config.json` as it is, but for the size of images whose positions were interpolated.
  private func copyConfiguration(from source: String, to target: String) throws(ModelError) {
    let data = try Self.read(source)
    let stated = try ViTConfiguration(contentsOf: source)
    guard stated.imageSize != configuration.imageSize else {
      return try Self.write(data, to: target)
    }
    let text = Self.replacingImageSize(
      in: String(decoding: data, as: UTF8.self), by: configuration.imageSize)
    try Self.write(Data(text.utf8), to: target)
  }

  /// A `config.json` with another `image_size`. Its text is edited and not its values encoded anew:
  /// transformers refuses a 1 where it expects a 1.0.
  private static func replacingImageSize(in text: String, by size: Int) -> String {
    let entry = "\"image_size\": \(size)"
    let known = /"image_size"\s*:\s*(\d+|\[[^\]]*\])/
    if text.contains(known) { return text.replacing(known, with: entry) }
    // It was left out: put it first in the tower.
    let nested = /"vision_config"\s*:\s*\{/
    guard
      let start = text.firstRange(of: nested)?.upperBound
        ?? text.firstIndex(of: "{").map({ text.index(after: $0) })
    else { return text }
    let isEmpty = text[start...].first { !$0.isWhitespace } == "}"
    return text[..<start] + entry + (isEmpty ? "" : ", ") + text[start...]
  }

  private static func read(_ path: String) throws(ModelError) -> Data {
    do {
      return Data(try InputFile.bytes(path, limit: .textBytes))
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  private static func write(_ data: Data, to path: String) throws(ModelError) {
    do {
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: FileReason.of(error))
    }
  }
}

extension CheckpointDescription {
  /// Which tensors of the files hold the parameters of a model loaded from them: all but a projection
  /// that was not theirs.
  fileprivate func ownMap(of configuration: ViTConfiguration) -> NameMap {
    layout.map(for: lacksProjection ? configuration.with(projection: nil) : configuration)
  }
}
