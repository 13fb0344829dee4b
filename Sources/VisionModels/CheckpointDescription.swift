internal import Checkpoints
internal import TensorCore

/// A checkpoint opened: its files found, its layout and architecture known, its tensors' descriptions
/// read, but not their values.
public struct CheckpointDescription: Sendable {
  public let files: CheckpointFiles
  /// As the model is wanted.
  public let configuration: ViTConfiguration
  /// As the files have it, whose position embeddings may be for images of another size.
  let stored: ViTConfiguration
  /// How images become its input.
  public let preprocessing: PreprocessorSettings
  let source: any TensorSource
  let layout: NamedLayout

  /// Opens the checkpoint at `path`: a folder with `config.json` and weights, or a file of weights.
  ///
  /// - Throws: `ModelError`, naming the file and what is missing or not supported.
  public init(_ path: String, options: LoadingOptions = LoadingOptions()) throws(ModelError) {
    files = try CheckpointFiles(path)
    let stated = try files.configuration.map { path throws(ModelError) in
      try ViTConfiguration(contentsOf: path)
    }
    do {
      source = try TensorFiles.open(files.weights)
    } catch {
      throw .checkpoint(error)
    }
    let family: ViTFamily
    (layout, family) = try NamedLayout.found(in: source, family: stated?.family)
    var stored: ViTConfiguration
    if let stated {
      stored = stated
    } else {
      stored = try ViTConfiguration(
        inferredFrom: source, layout, family, activation: options.activation)
    }
    if let width = Self.projectionWidth(source, layout), !stored.hasProjection {
      stored = stored.with(projection: width)
    }
    let preprocessing = try files.preprocessor.map { path throws(ModelError) in
      try PreprocessorSettings(contentsOf: path, defaults: family.preprocessing)
    }
    let wanted =
      options.imageSize ?? (options.interpolatesPositions ? preprocessing?.cropSize : nil)
      ?? stored.imageSize
    guard wanted > 0, wanted <= 1 << 20, wanted.isMultiple(of: stored.patchSize) else {
      throw .invalidConfiguration(
        path: files.preprocessor ?? path, key: "image size",
        problem: "is \(wanted), should be a multiple of the patch size \(stored.patchSize)")
    }
    if let positions = source[layout.name(layout.names.positions)]?.shape.dimensions,
      let grid = ViTConfiguration.gridSize(ofPositions: positions),
      grid <= (1 << 20) / stored.patchSize, grid != stored.gridSize
    {
      stored = stored.with(imageSize: grid * stored.patchSize)
    }
    guard stored.imageSize == wanted || options.interpolatesPositions else {
      throw .differentResolution(
        path: files.weights, embedded: stored.imageSize, wanted: wanted)
    }
    self.stored = stored
    configuration = stored.imageSize == wanted ? stored : stored.with(imageSize: wanted)
    self.preprocessing = preprocessing ?? family.preprocessing.with(cropSize: wanted)
  }

  /// Whether the model should have a projection, but its files don't.
  var lacksProjection: Bool {
    stored.family == .clip && Self.projectionWidth(source, layout) == nil
  }

  /// Holds the tensors' names, shapes and types against the configuration; reads no values.
  ///
  /// - Parameter base: whose projection counts, if the files have none.
  /// - Throws: `ModelError.checkpoint` with all that is wrong.
  public func check(completing base: ViTConfiguration? = nil) throws(ModelError) {
    let own = loaded(completing: base)
    do {
      try source.check(own.layout, by: layout.map(for: own))
    } catch {
      throw .checkpoint(error)
    }
  }

  /// What is loaded from the files: without the projection, if it is to be the base model's.
  func loaded(completing base: ViTConfiguration?) -> ViTConfiguration {
    guard lacksProjection, let base, base.hasProjection, base.width == stored.width else {
      return stored
    }
    return stored.with(projection: nil)
  }

  /// As the model is wanted, with the base model's projection if it has none of its own.
  public func configuration(completing base: ViTConfiguration?) -> ViTConfiguration {
    guard lacksProjection, let base, base.hasProjection, base.width == stored.width else {
      return configuration
    }
    return configuration.with(projection: base.embeddingWidth)
  }

  /// The width of a projection in the files; nil if there is none.
  private static func projectionWidth(
    _ source: any TensorSource, _ layout: NamedLayout
  ) -> Int? {
    guard let name = layout.projection, let shape = source[name]?.shape.dimensions else {
      return nil
    }
    let width = layout.names.projectionIsTransposed ? shape.last : shape.first
    return width.flatMap { (1...1 << 20).contains($0) ? $0 : nil }
  }
}
