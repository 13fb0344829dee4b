public import Checkpoints
internal import Foundation
internal import TensorCore
public import VisionModels

/// A CLIP text tower on disk: a folder as Hugging Face's `save_pretrained` writes it, of a `CLIPModel`
/// or a `CLIPTextModelWithProjection`, or weights alone in the names of open_clip and OpenAI.
public struct TextCheckpoint: Sendable, Equatable {
  public let configuration: TextConfiguration
  /// Of the layout of this configuration's `TextTransformer`.
  public let parameters: StateDict
  /// What the model multiplies cosines of images and texts by: `exp(logit_scale)`; nil if the file
  /// has no `logit_scale`, as a text tower alone has none.
  public let logitScale: Float?

  /// Loads the text tower at `path`, stored as F32, F16 or BF16; tensors of the other parts of a CLIP
  /// model are left aside:
  ///
  /// - a folder with `config.json` and `model.safetensors`, its shards by their index, or
  ///   `pytorch_model.bin`;
  /// - a file of weights, safetensors or a state dict of `torch.save`, or a folder with one, in
  ///   open_clip's names. The architecture is inferred.
  ///
  /// - Parameter activation: of weights without a `config.json`; nil for quick-GELU, OpenAI's.
  /// - Throws: `TextModelError`, naming the file and what is missing or has another shape.
  public static func load(
    _ path: String, activation: Activation? = nil
  ) throws(TextModelError) -> TextCheckpoint {
    let files: CheckpointFiles
    do {
      files = try CheckpointFiles(path)
    } catch {
      throw TextModelError(error)
    }
    let source: any TensorSource
    do {
      source = try TensorFiles.open(files.weights)
    } catch {
      throw .checkpoint(error)
    }
    let names = try TextNames.found(in: source)
    let configuration: TextConfiguration
    switch (names, files.configuration) {
    case (_, .some(let file)): configuration = try TextConfiguration(contentsOf: file)
    case (.openCLIP(let prefix), nil):
      configuration = try TextConfiguration(
        inferredFrom: source, prefix: prefix, activation: activation)
    case (.huggingFace, nil):
      throw .unreadable(
        path: files.weights,
        reason: "Hugging Face's weights need their config.json: give the folder with both")
    }
    do throws(CheckpointError) {
      return TextCheckpoint(
        configuration: configuration,
        parameters: try source.stateDict(
          for: configuration.layout, by: names.map(for: configuration)),
        logitScale: try logitScale(in: source, names))
    } catch {
      throw .checkpoint(error)
    }
  }

  private static func logitScale(
    in source: any TensorSource, _ names: TextNames
  ) throws(CheckpointError) -> Float? {
    let name = names.logitScale
    guard source[name] != nil else { return nil }
    let values = try source.values(of: name)
    guard values.count == 1, exp(values[0]).isFinite else {
      throw .invalidEntry(
        file: source.path, tensor: name, reason: "should be one number, the scale's logarithm")
    }
    return exp(values[0])
  }
}
