internal import Foundation
internal import Kernels

/// The activation of a transformer's MLP, named as Hugging Face's `hidden_act` names it.
public enum Activation: String, Sendable, Hashable, CaseIterable, Codable {
  /// `x sigmoid(1.702 x)`, of OpenAI's CLIP weights.
  case quickGELU = "quick_gelu"
  /// `x Phi(x)`, with the error function.
  case gelu

  var function: ActivationFunction {
    switch self {
    case .quickGELU: .quickGELU
    case .gelu: .gelu
    }
  }
}

/// The sizes of a CLIP vision transformer, in files as Hugging Face's `config.json` of
/// `CLIPVisionModelWithProjection`.
public struct ViTConfiguration: Sendable, Hashable {
  /// Pixels on a side of the square images.
  public let imageSize: Int
  /// Pixels on a side of a patch; divides `imageSize`.
  public let patchSize: Int
  public let width: Int
  public let layerCount: Int
  /// Divides `width`.
  public let headCount: Int
  public let mlpWidth: Int
  /// The width of the features (`projection_dim`).
  public let embeddingWidth: Int
  public let activation: Activation
  public let layerNormEpsilon: Float

  public init(
    imageSize: Int, patchSize: Int, width: Int, layerCount: Int, headCount: Int, mlpWidth: Int,
    embeddingWidth: Int, activation: Activation = .quickGELU, layerNormEpsilon: Float = 1e-5
  ) {
    self.imageSize = imageSize
    self.patchSize = patchSize
    self.width = width
    self.layerCount = layerCount
    self.headCount = headCount
    self.mlpWidth = mlpWidth
    self.embeddingWidth = embeddingWidth
    self.activation = activation
    self.layerNormEpsilon = layerNormEpsilon
    if let (key, problem) = self.problem { preconditionFailure("\(key) \(problem)") }
  }

  /// The tokens of an image: its patches and the class token.
  public var tokenCount: Int { (imageSize / patchSize) * (imageSize / patchSize) + 1 }

  /// Reads a `config.json`: of a vision tower, or of a whole CLIP model with its `vision_config`.
  /// What it leaves out has the value of Hugging Face's `CLIPVisionConfig`, as there.
  ///
  /// - Throws: `ModelError.unreadable`, `.invalidConfiguration`.
  public init(contentsOf path: String) throws(ModelError) {
    let document: Document
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      document = try decoder.decode(Document.self, from: data)
    } catch let error as DecodingError {
      throw .invalidConfiguration(
        path: path, key: error.snakeCaseKey, problem: error.configurationProblem)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    try self.init(document, path: path)
  }

  private init(_ document: Document, path: String) throws(ModelError) {
    let tower = document.visionConfig ?? document.tower
    let activationName = tower.hiddenAct ?? "quick_gelu"
    guard let activation = Activation(rawValue: activationName) else {
      let known = Activation.allCases.map(\.rawValue).joined(separator: " or ")
      throw .invalidConfiguration(
        path: path, key: "hidden_act", problem: "is \(activationName), should be \(known)")
    }
    if let channels = tower.numChannels, channels != 3 {
      throw .invalidConfiguration(
        path: path, key: "num_channels", problem: "is \(channels), should be 3")
    }
    imageSize = tower.imageSize ?? 224
    patchSize = tower.patchSize ?? 32
    width = tower.hiddenSize ?? 768
    layerCount = tower.numHiddenLayers ?? 12
    headCount = tower.numAttentionHeads ?? 12
    mlpWidth = tower.intermediateSize ?? 3072
    embeddingWidth = tower.projectionDim ?? document.tower.projectionDim ?? 512
    self.activation = activation
    layerNormEpsilon = tower.layerNormEps ?? 1e-5
    if let (key, problem) = self.problem {
      throw .invalidConfiguration(path: path, key: key, problem: problem)
    }
  }

  /// Writes the `config.json` of a `CLIPVisionModelWithProjection`.
  public func write(to path: String) throws(ModelError) {
    let tower = Tower(
      hiddenSize: width, intermediateSize: mlpWidth, projectionDim: embeddingWidth,
      numHiddenLayers: layerCount, numAttentionHeads: headCount, numChannels: 3,
      imageSize: imageSize, patchSize: patchSize, hiddenAct: activation.rawValue,
      layerNormEps: layerNormEpsilon)
    do {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      var data = try encoder.encode(Document(tower: tower))
      data.append(UInt8(ascii: "\n"))
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }

  /// The key of the first impossible value and what is wrong with it.
  private var problem: (key: String, problem: String)? {
    let sizes = [
      ("image_size", imageSize), ("patch_size", patchSize), ("hidden_size", width),
      ("num_hidden_layers", layerCount), ("num_attention_heads", headCount),
      ("intermediate_size", mlpWidth), ("projection_dim", embeddingWidth),
    ]
    for (key, size) in sizes where !(1...1 << 20).contains(size) {
      return (key, "is \(size), should be 1 to \(1 << 20)")
    }
    if imageSize % patchSize != 0 {
      return ("patch_size", "is \(patchSize), should divide image_size \(imageSize)")
    }
    if width % headCount != 0 {
      return ("num_attention_heads", "is \(headCount), should divide hidden_size \(width)")
    }
    if !(layerNormEpsilon > 0 && layerNormEpsilon < 1) {
      return ("layer_norm_eps", "is \(layerNormEpsilon), should be between 0 and 1")
    }
    return nil
  }
}

/// The keys of a vision tower's `config.json`, there in snake case.
private struct Tower: Codable {
  var hiddenSize: Int?
  var intermediateSize: Int?
  var projectionDim: Int?
  var numHiddenLayers: Int?
  var numAttentionHeads: Int?
  var numChannels: Int?
  var imageSize: Int?
  var patchSize: Int?
  var hiddenAct: String?
  var layerNormEps: Float?
}

/// A `config.json`: a tower's keys at its top, or a whole model's with the tower nested.
private struct Document: Codable {
  var tower: Tower
  var visionConfig: Tower?

  private enum Key: String, CodingKey { case visionConfig, architectures, modelType }

  init(tower: Tower) { self.tower = tower }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    visionConfig = try container.decodeIfPresent(Tower.self, forKey: .visionConfig)
    tower =
      visionConfig == nil
      ? try Tower(from: decoder)
      : try Tower(projectionDim: ProjectionOnly(from: decoder).projectionDim)
  }

  func encode(to encoder: any Encoder) throws {
    try tower.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(["CLIPVisionModelWithProjection"], forKey: .architectures)
    try container.encode("clip_vision_model", forKey: .modelType)
  }

  private struct ProjectionOnly: Codable { var projectionDim: Int? }
}
