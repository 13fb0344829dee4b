public import Checkpoints
internal import TensorCore

/// A vision transformer on disk: a folder as Hugging Face's `save_pretrained` writes it, or a file of
/// weights alone, as open_clip's users have them.
public struct VisionCheckpoint: Sendable, Equatable {
  public let configuration: ViTConfiguration
  public var parameters: StateDict
  /// How images become the model's input.
  public let preprocessing: PreprocessorSettings
  /// Where it came from, so that it is written as it came; nil for a new one.
  let origin: CheckpointDescription?

  /// - Parameter parameters: of the layout of this configuration's `VisionTransformer`.
  public init(configuration: ViTConfiguration, parameters: StateDict) {
    self.init(
      configuration: configuration, parameters: parameters,
      preprocessing: configuration.family.preprocessing.with(cropSize: configuration.imageSize),
      origin: nil)
  }

  private init(
    configuration: ViTConfiguration, parameters: StateDict, preprocessing: PreprocessorSettings,
    origin: CheckpointDescription?
  ) {
    precondition(parameters.layout == configuration.layout, "the parameters are of this model")
    self.configuration = configuration
    self.parameters = parameters
    self.preprocessing = preprocessing
    self.origin = origin
  }

  /// The same model: where it came from does not count.
  public static func == (left: Self, right: Self) -> Bool {
    left.configuration == right.configuration && left.parameters == right.parameters
  }

  /// Loads a checkpoint's vision tower, stored as F32, F16 or BF16:
  ///
  /// - a folder with `config.json` of `CLIPVisionModel`, `CLIPVisionModelWithProjection`, `CLIPModel`,
  ///   `ViTModel` or `Dinov2Model` and `model.safetensors` (or its shards by their index, or
  ///   `pytorch_model.bin`);
  /// - a file of weights, safetensors or a state dict of `torch.save`, in the same names or
  ///   open_clip's, with the prefixes that they are found under. The architecture is inferred.
  ///
  /// - Parameter base: the model whose projection counts, if this one was saved without.
  /// - Throws: `ModelError`, naming the file and all that is missing or has another shape.
  public static func load(
    _ path: String, options: LoadingOptions = LoadingOptions(),
    completing base: VisionCheckpoint? = nil
  ) throws(ModelError) -> VisionCheckpoint {
    let description = try CheckpointDescription(path, options: options)
    let loaded = description.loaded(completing: base?.configuration)
    var parameters: StateDict
    do {
      parameters = try description.source.stateDict(
        for: loaded.layout, by: description.layout.map(for: loaded))
    } catch {
      throw .checkpoint(error)
    }
    let configuration = description.configuration(completing: base?.configuration)
    if configuration.layout != loaded.layout {
      parameters = parameters.adapted(from: loaded, to: configuration, base: base?.parameters)
    }
    return VisionCheckpoint(
      configuration: configuration, parameters: parameters,
      preprocessing: description.preprocessing, origin: description)
  }

  /// Loads the checkpoint in a folder.
  ///
  /// - Throws: as `load(_:options:completing:)`.
  public static func load(directory: String) throws(ModelError) -> VisionCheckpoint {
    try load(directory)
  }
}

extension StateDict {
  /// The same parameters in the layout of another resolution, and with the base model's projection.
  fileprivate func adapted(
    from stored: ViTConfiguration, to wanted: ViTConfiguration, base: StateDict?
  ) -> StateDict {
    let names = wanted.family.names
    let positions = names.prefixes[0] + names.positions
    var adapted: [Float] = []
    let target = wanted.layout
    adapted.reserveCapacity(target.count)
    for entry in target.entries {
      if entry.name == positions, let range = layout[positions]?.range,
        stored.gridSize != wanted.gridSize
      {
        adapted += PositionInterpolation.interpolate(
          Array(values[range]), width: stored.width, from: stored.gridSize, to: wanted.gridSize)
      } else if let range = layout[entry.name]?.range {
        adapted += values[range]
      } else if let base, let range = base.layout[entry.name]?.range {
        adapted += base.values[range]
      }
    }
    return StateDict(layout: target, values: adapted)
  }
}
