internal import Foundation
public import VisionModels

/// The sizes of a CLIP text transformer, in files as Hugging Face's `config.json` of
/// `CLIPTextModelWithProjection`, or as the `text_config` of a whole `CLIPModel`.
public struct TextConfiguration: Sendable, Hashable {
  public let vocabularySize: Int
  public let width: Int
  public let layerCount: Int
  /// Divides `width`.
  public let headCount: Int
  public let mlpWidth: Int
  /// The most tokens that a text may have (`max_position_embeddings`), the first and last included.
  public let tokenCount: Int
  /// The width of the embeddings (`projection_dim`).
  public let embeddingWidth: Int
  public let activation: Activation
  public let layerNormEpsilon: Float
  /// The token behind which a text is over; see `pooledPosition(of:)` for its old value 2.
  public let endToken: Int

  /// Reads a `config.json`: of a text tower, or of a whole CLIP model with its `text_config`. What it
  /// leaves out has the value of Hugging Face's `CLIPTextConfig`, as there.
  ///
  /// - Throws: `TextModelError.unreadable`, `.invalidConfiguration`.
  public init(contentsOf path: String) throws(TextModelError) {
    let document: Document
    do throws(ModelError) {
      document = try ConfigurationFile.decode(Document.self, path: path)
    } catch {
      throw TextModelError(error)
    }
    try self.init(document, path: path)
  }

  /// - Parameter path: the file that the sizes are from, which errors name.
  /// - Throws: `TextModelError.invalidConfiguration` for sizes that no model has.
  init(
    vocabularySize: Int, width: Int, layerCount: Int, headCount: Int, mlpWidth: Int,
    tokenCount: Int, embeddingWidth: Int, activation: Activation, layerNormEpsilon: Float = 1e-5,
    endToken: Int, path: String
  ) throws(TextModelError) {
    self.vocabularySize = vocabularySize
    self.width = width
    self.layerCount = layerCount
    self.headCount = headCount
    self.mlpWidth = mlpWidth
    self.tokenCount = tokenCount
    self.embeddingWidth = embeddingWidth
    self.activation = activation
    self.layerNormEpsilon = layerNormEpsilon
    self.endToken = endToken
    if let (key, problem) = self.problem {
      throw .invalidConfiguration(path: path, key: key, problem: problem)
    }
  }

  private init(_ document: Document, path: String) throws(TextModelError) {
    let tower = document.tower
    let activationName = tower.hiddenAct ?? "quick_gelu"
    guard let activation = Activation(rawValue: activationName) else {
      let known = Activation.allCases.map(\.rawValue).joined(separator: " or ")
      throw .invalidConfiguration(
        path: path, key: "hidden_act", problem: "is \(activationName), should be \(known)")
    }
    try self.init(
      vocabularySize: tower.vocabSize ?? 49408, width: tower.hiddenSize ?? 512,
      layerCount: tower.numHiddenLayers ?? 12, headCount: tower.numAttentionHeads ?? 8,
      mlpWidth: tower.intermediateSize ?? 2048, tokenCount: tower.maxPositionEmbeddings ?? 77,
      // A whole model's projections have the width that stands at its top.
      embeddingWidth: document.projectionDim ?? tower.projectionDim ?? 512,
      activation: activation, layerNormEpsilon: tower.layerNormEps ?? 1e-5,
      endToken: tower.eosTokenId ?? 49407, path: path)
  }

  /// Which token's features stand for the whole text: the first end token. Configurations written
  /// before transformers 4.31 have `eos_token_id` 2, which is no end token; for them it is the
  /// largest token, as there. Nil if there is no end token.
  public func pooledPosition(of tokens: [Int]) -> Int? {
    guard endToken == Self.legacyEndToken else { return tokens.firstIndex(of: endToken) }
    return tokens.indices.max { (tokens[$0], -$0) < (tokens[$1], -$1) }
  }

  /// The `eos_token_id` of old configurations.
  static let legacyEndToken = 2

  /// The key of the first impossible value and what is wrong with it.
  private var problem: (key: String, problem: String)? {
    let sizes = [
      ("vocab_size", vocabularySize), ("hidden_size", width), ("num_hidden_layers", layerCount),
      ("num_attention_heads", headCount), ("intermediate_size", mlpWidth),
      ("max_position_embeddings", tokenCount), ("projection_dim", embeddingWidth),
    ]
    for (key, size) in sizes where !(1...1 << 20).contains(size) {
      return (key, "is \(size), should be 1 to \(1 << 20)")
    }
    if tokenCount < 2 {
      return ("max_position_embeddings", "is \(tokenCount), should leave room for start and end")
    }
    if width % headCount != 0 {
      return ("num_attention_heads", "is \(headCount), should divide hidden_size \(width)")
    }
    if !(layerNormEpsilon > 0 && layerNormEpsilon < 1) {
      return ("layer_norm_eps", "is \(layerNormEpsilon), should be between 0 and 1")
    }
    if endToken != Self.legacyEndToken && !(0..<vocabularySize).contains(endToken) {
      return ("eos_token_id", "is \(endToken), should be below vocab_size \(vocabularySize)")
    }
    return nil
  }
}

/// The keys of a text tower's `config.json`, there in snake case.
private struct Tower: Decodable {
  var vocabSize: Int?
  var hiddenSize: Int?
  var intermediateSize: Int?
  var projectionDim: Int?
  var numHiddenLayers: Int?
  var numAttentionHeads: Int?
  var maxPositionEmbeddings: Int?
  var hiddenAct: String?
  var layerNormEps: Float?
  var eosTokenId: Int?
}

/// A `config.json`: a tower's keys at its top, or a whole model's with the tower nested.
private struct Document: Decodable {
  var tower: Tower
  /// A whole model's.
  var projectionDim: Int?

  private enum Key: String, CodingKey { case textConfig, projectionDim, visionConfig }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let nested = try container.decodeIfPresent(Tower.self, forKey: .textConfig) {
      tower = nested
      projectionDim = try container.decodeIfPresent(Int.self, forKey: .projectionDim)
    } else if container.contains(.visionConfig) {
      // A model saved with the defaults of its text tower.
      tower = Tower()
      projectionDim = try container.decodeIfPresent(Int.self, forKey: .projectionDim)
    } else {
      tower = try Tower(from: decoder)
    }
  }
}
