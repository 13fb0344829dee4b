internal import Foundation
internal import TensorCore

/// Configurations in files: Hugging Face's `config.json`.
extension ViTConfiguration {
  /// Reads a `config.json`: of a `ViTModel` or `Dinov2Model`, of CLIP's vision tower, or of a whole
  /// CLIP model with its `vision_config`. What it leaves out has the value of Hugging Face's
  /// configuration class, as there.
  ///
  /// - Throws: `ModelError.unreadable`, `.invalidConfiguration`.
  public init(contentsOf path: String) throws(ModelError) {
    try self.init(ConfigurationFile.decode(Document.self, path: path), path: path)
  }

  private init(_ document: Document, path: String) throws(ModelError) {
    func invalid(_ key: String, _ problem: String) -> ModelError {
      .invalidConfiguration(path: path, key: key, problem: problem)
    }
    let tower = document.visionConfig ?? document.tower
    guard let family = ViTFamily(modelType: document.modelType) else {
      throw invalid(
        "model_type",
        "is \(document.modelType ?? ""), should be clip, clip_vision_model, vit or dinov2")
    }
    let defaults = family.defaults
    let activationName = tower.hiddenAct ?? defaults.activation.rawValue
    guard let activation = Activation(rawValue: activationName) else {
      let known = Activation.allCases.map(\.rawValue).joined(separator: " or ")
      throw invalid("hidden_act", "is \(activationName), should be \(known)")
    }
    if let channels = tower.numChannels, channels != 3 {
      throw invalid("num_channels", "is \(channels), should be 3")
    }
    if tower.qkvBias == false { throw invalid("qkv_bias", "is false, should be true") }
    if tower.useSwigluFfn == true {
      throw invalid(
        "use_swiglu_ffn", "is true, should be false: MLPs with SwiGLU (DINOv2 giant) are not read")
    }
    let projection = tower.projectionDim ?? document.tower.projectionDim ?? 512
    let withoutProjection = document.architectures.map { $0 == ["CLIPVisionModel"] } ?? false
    let width = tower.hiddenSize ?? 768
    let mlpWidth =
      family == .dinov2
      ? Int(exactly: (Double(width) * (tower.mlpRatio ?? 4)).rounded(.down))
      : tower.intermediateSize ?? 3072
    self.init(
      unchecked: tower.imageSize?.side ?? defaults.imageSize,
      tower.patchSize?.side ?? defaults.patchSize, width, tower.numHiddenLayers ?? 12,
      tower.numAttentionHeads ?? 12, mlpWidth ?? 0,
      family == .clip && !withoutProjection ? projection : nil, activation,
      tower.layerNormEps ?? defaults.layerNormEpsilon, family)
    if let (key, problem) = self.problem { throw invalid(key, problem) }
  }

  /// Writes the `config.json` of a `CLIPVisionModelWithProjection`, `ViTModel` or `Dinov2Model`.
  public func write(to path: String) throws(ModelError) {
    var tower = Tower(
      hiddenSize: width, numHiddenLayers: layerCount, numAttentionHeads: headCount,
      numChannels: 3, imageSize: Side(side: imageSize), patchSize: Side(side: patchSize),
      hiddenAct: activation.rawValue, layerNormEps: layerNormEpsilon)
    let (architecture, modelType): (String, String)
    switch family {
    case .clip:
      tower.intermediateSize = mlpWidth
      if hasProjection { tower.projectionDim = embeddingWidth }
      architecture = hasProjection ? "CLIPVisionModelWithProjection" : "CLIPVisionModel"
      modelType = "clip_vision_model"
    case .vit:
      tower.intermediateSize = mlpWidth
      (architecture, modelType) = ("ViTModel", "vit")
    case .dinov2:
      tower.mlpRatio = Double(mlpWidth) / Double(width)
      (architecture, modelType) = ("Dinov2Model", "dinov2")
    }
    do {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let document = Document(
        tower: tower, architectures: [architecture], modelType: modelType)
      var data = try encoder.encode(document)
      data.append(UInt8(ascii: "\n"))
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: FileReason.of(error))
    }
  }
}

extension ViTFamily {
  /// By the `model_type` of a `config.json`; files without one are CLIP's.
  fileprivate init?(modelType: String?) {
    switch modelType {
    case nil, "clip", "clip_vision_model": self = .clip
    case "vit": self = .vit
    case "dinov2": self = .dinov2
    default: return nil
    }
  }
}

/// A size that is a number, or a list of two equal ones.
private struct Side: Codable {
  var side: Int

  init(side: Int) { self.side = side }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let sides = try? container.decode([Int].self) {
      guard let first = sides.first, sides.allSatisfy({ $0 == first }) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "is \(sides), should be a number: images are square")
      }
      side = first
    } else {
      side = try container.decode(Int.self)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(side)
  }
}

/// The keys of a vision tower's `config.json`, there in snake case.
private struct Tower: Codable {
  var hiddenSize: Int?
  var intermediateSize: Int?
  var mlpRatio: Double?
  var projectionDim: Int?
  var numHiddenLayers: Int?
  var numAttentionHeads: Int?
  var numChannels: Int?
  var imageSize: Side?
  var patchSize: Side?
  var hiddenAct: String?
  var layerNormEps: Float?
  var qkvBias: Bool?
  var useSwigluFfn: Bool?
}

/// A `config.json`: a tower's keys at its top, or a whole model's with the tower nested.
private struct Document: Codable {
  var tower: Tower
  var visionConfig: Tower?
  var architectures: [String]?
  var modelType: String?

  private enum Key: String, CodingKey { case visionConfig, architectures, modelType }

  init(tower: Tower, architectures: [String], modelType: String) {
    self.tower = tower
    self.architectures = architectures
    self.modelType = modelType
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    visionConfig = try container.decodeIfPresent(Tower.self, forKey: .visionConfig)
    architectures = try container.decodeIfPresent([String].self, forKey: .architectures)
    modelType = try container.decodeIfPresent(String.self, forKey: .modelType)
    tower =
      visionConfig == nil
      ? try Tower(from: decoder)
      : try Tower(projectionDim: ProjectionOnly(from: decoder).projectionDim)
  }

  func encode(to encoder: any Encoder) throws {
    try tower.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(architectures, forKey: .architectures)
    try container.encode(modelType, forKey: .modelType)
  }

  private struct ProjectionOnly: Codable { var projectionDim: Int? }
}
