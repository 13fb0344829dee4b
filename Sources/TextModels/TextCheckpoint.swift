public import Checkpoints
internal import Foundation
internal import TensorCore

/// A CLIP text tower in a folder, as Hugging Face's `save_pretrained` writes it: `config.json` and
/// `model.safetensors` of a `CLIPModel` or a `CLIPTextModelWithProjection`.
public struct TextCheckpoint: Sendable, Equatable {
  public let configuration: TextConfiguration
  /// Of the layout of this configuration's `TextTransformer`.
  public let parameters: StateDict
  /// What the model multiplies cosines of images and texts by: `exp(logit_scale)`; nil if the file
  /// has no `logit_scale`, as a text tower alone has none.
  public let logitScale: Float?

  /// Loads the text tower in the folder `directory`, stored as F32, F16 or BF16. Tensors of the
  /// other parts of a CLIP model are left aside.
  ///
  /// - Throws: `TextModelError`, naming the file and what is missing or has another shape.
  public static func load(directory: String) throws(TextModelError) -> TextCheckpoint {
    let configuration = try TextConfiguration(contentsOf: path("config.json", directory))
    do throws(CheckpointError) {
      let file = try SafetensorsFile(path: path("model.safetensors", directory))
      return TextCheckpoint(
        configuration: configuration, parameters: try parameters(configuration, in: file),
        logitScale: try logitScale(in: file))
    } catch {
      throw .checkpoint(error)
    }
  }

  private static func parameters(
    _ configuration: TextConfiguration, in file: SafetensorsFile
  ) throws(CheckpointError) -> StateDict {
    let layout = configuration.layout
    let missing = layout.names.filter { file[$0] == nil }
    guard missing.isEmpty else { throw .missingTensors(file: file.path, names: missing) }
    // A tensor of the tower that the configuration does not speak of: another model's weights.
    let unexpected = file.names.filter {
      $0.hasPrefix("text_model.") && layout[$0] == nil && file[$0]?.type.floatType != nil
    }
    guard unexpected.isEmpty else {
      throw .unexpectedTensors(file: file.path, names: unexpected)
    }
    var values: [Float] = []
    values.reserveCapacity(layout.count)
    for entry in layout.entries {
      let tensor = try file.tensor(named: entry.name)
      guard tensor.shape == entry.shape else {
        throw .shapeMismatch(
          file: file.path, tensor: entry.name, expected: entry.shape, got: tensor.shape)
      }
      values += tensor.values
    }
    return StateDict(layout: layout, values: values)
  }

  private static func logitScale(in file: SafetensorsFile) throws(CheckpointError) -> Float? {
    guard let entry = file["logit_scale"] else { return nil }
    let tensor = try file.tensor(named: "logit_scale")
    guard tensor.values.count == 1, exp(tensor.values[0]).isFinite else {
      throw .invalidEntry(
        file: file.path, tensor: entry.name, reason: "should be one number, the scale's logarithm")
    }
    return exp(tensor.values[0])
  }

  private static func path(_ file: String, _ directory: String) -> String {
    URL(filePath: directory).appending(path: file).path(percentEncoded: false)
  }
}
