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
      document = try JSONDecoder().decode(Document.self, from: data)
    } catch let error as DecodingError {
      throw .invalidConfiguration(path: path, key: error.key, problem: error.problem)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    try self.init(document, path: path)
  }

  private init(_ document: Document, path: String) throws(ModelError) {
    let tower = document.vision_config ?? document.tower
    let activationName = tower.hidden_act ?? "quick_gelu"
    guard let activation = Activation(rawValue: activationName) else {
      let known = Activation.allCases.map(\.rawValue).joined(separator: " or ")
      throw .invalidConfiguration(
        path: path, key: "hidden_act", problem: "is \(activationName), should be \(known)")
    }
    if let channels = tower.num_channels, channels != 3 {
      throw .invalidConfiguration(
        path: path, key: "num_channels", problem: "is \(channels), should be 3")
    }
    imageSize = tower.image_size ?? 224
    patchSize = tower.patch_size ?? 32
    width = tower.hidden_size ?? 768
    layerCount = tower.num_hidden_layers ?? 12
    headCount = tower.num_attention_heads ?? 12
    mlpWidth = tower.intermediate_size ?? 3072
    embeddingWidth = tower.projection_dim ?? document.tower.projection_dim ?? 512
    self.activation = activation
    layerNormEpsilon = tower.layer_norm_eps ?? 1e-5
    if let (key, problem) = self.problem {
      throw .invalidConfiguration(path: path, key: key, problem: problem)
    }
  }

  /// Writes the `config.json` of a `CLIPVisionModelWithProjection`.
  public func write(to path: String) throws(ModelError) {
    let tower = Tower(
      hidden_size: width, intermediate_size: mlpWidth, projection_dim: embeddingWidth,
      num_hidden_layers: layerCount, num_attention_heads: headCount, num_channels: 3,
      image_size: imageSize, patch_size: patchSize, hidden_act: activation.rawValue,
      layer_norm_eps: layerNormEpsilon)
    do {
      let encoder = JSONEncoder()
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

/// The keys of a vision tower's `config.json`, named as there.
private struct Tower: Codable {
  var hidden_size: Int?
  var intermediate_size: Int?
  var projection_dim: Int?
  var num_hidden_layers: Int?
  var num_attention_heads: Int?
  var num_channels: Int?
  var image_size: Int?
  var patch_size: Int?
  var hidden_act: String?
  var layer_norm_eps: Float?
}

/// A `config.json`: a tower's keys at its top, or a whole model's with the tower nested.
private struct Document: Codable {
  var tower: Tower
  var vision_config: Tower?

  private enum Key: String, CodingKey { case vision_config, architectures, model_type }

  init(tower: Tower) { self.tower = tower }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    vision_config = try container.decodeIfPresent(Tower.self, forKey: .vision_config)
    tower =
      vision_config == nil
      ? try Tower(from: decoder)
      : try Tower(projection_dim: ProjectionOnly(from: decoder).projection_dim)
  }

  func encode(to encoder: any Encoder) throws {
    try tower.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(["CLIPVisionModelWithProjection"], forKey: .architectures)
    try container.encode("clip_vision_model", forKey: .model_type)
  }

  private struct ProjectionOnly: Codable { var projection_dim: Int? }
}

extension DecodingError {
  fileprivate var context: Context? {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context
    @unknown default: nil
    }
  }

  fileprivate var key: String {
    let path = context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
    return path.isEmpty ? "the file" : path
  }

  fileprivate var problem: String {
    if case .typeMismatch(let type, _) = self { return "should be of type \(type)" }
    return context?.debugDescription ?? "can't be decoded"
  }
}
