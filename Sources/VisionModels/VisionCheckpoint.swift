public import Checkpoints
internal import Foundation
public import TensorCore

/// A vision transformer in a folder, as Hugging Face's `save_pretrained` writes it: `config.json`
/// and `model.safetensors`.
public struct VisionCheckpoint: Sendable, Equatable {
  public let configuration: ViTConfiguration
  public var parameters: StateDict

  /// - Parameter parameters: of the layout of this configuration's `VisionTransformer`.
  public init(configuration: ViTConfiguration, parameters: StateDict) {
    precondition(parameters.layout == configuration.layout, "the parameters are of this model")
    self.configuration = configuration
    self.parameters = parameters
  }

  /// Loads the vision tower in the folder `directory`, alone or as a part of a whole CLIP model, its
  /// names with or without `vision_model.`, stored as F32, F16 or BF16.
  ///
  /// - Throws: `ModelError`, naming the file and what is missing or has another shape.
  public static func load(directory: String) throws(ModelError) -> VisionCheckpoint {
    let configuration = try ViTConfiguration(contentsOf: path("config.json", directory))
    do throws(CheckpointError) {
      let file = try SafetensorsFile(path: path("model.safetensors", directory))
      return VisionCheckpoint(
        configuration: configuration, parameters: try file.stateDict(for: configuration.layout))
    } catch {
      throw .checkpoint(error)
    }
  }

  /// Writes both files into the folder `directory`, which is made if need be.
  public func write(to directory: String, dtype: DType = .float32) throws(ModelError) {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: directory, reason: error.localizedDescription)
    }
    try configuration.write(to: Self.path("config.json", directory))
    do throws(CheckpointError) {
      try SafetensorsWriter.write(
        parameters, dtype: dtype, metadata: ["format": "pt"],
        to: Self.path("model.safetensors", directory))
    } catch {
      throw .checkpoint(error)
    }
  }

  private static func path(_ file: String, _ directory: String) -> String {
    URL(filePath: directory).appending(path: file).path(percentEncoded: false)
  }
}
