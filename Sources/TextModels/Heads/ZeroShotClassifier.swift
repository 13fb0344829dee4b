internal import Foundation
public import TensorCore
public import VisionModels

/// Makes a classifier's weights from words alone (Radford et al. 2021): a CLIP text tower with its
/// tokenizer embeds the sentences of each class.
public struct ZeroShotClassifier: Sendable {
  public let checkpoint: TextCheckpoint
  public let tokenizer: CLIPTokenizer
  private let model: TextTransformer

  /// What was made of a data set's classes.
  public struct Weights: Sendable, Equatable {
    /// `[C, E]`: for each class the mean of its sentences' unit embeddings, of length 1 again.
    public let tensor: Tensor
    /// How many sentences were too long for the model and lost their end.
    public let truncatedCount: Int
  }

  /// Loads text tower and tokenizer of a CLIP checkpoint.
  ///
  /// - Parameters:
  ///   - path: as `TextCheckpoint.load` takes it.
  ///   - tokenizer: the folder with the tokenizer's files; nil for the checkpoint's own.
  ///   - activation: of weights without a `config.json`; nil for quick-GELU.
  /// - Throws: `TextModelError`; `.invalidTokenizer` also if the tokenizer is another model's.
  public init(
    _ path: String, tokenizer folder: String? = nil, activation: Activation? = nil
  ) throws(TextModelError) {
    let directory = folder ?? Self.folder(of: path)
    // The tokenizer first: it is small, and what is most often missing.
    tokenizer = try CLIPTokenizer(directory: directory)
    checkpoint = try TextCheckpoint.load(path, activation: activation)
    model = TextTransformer(configuration: checkpoint.configuration)
    let configuration = checkpoint.configuration
    guard tokenizer.vocabularySize <= configuration.vocabularySize else {
      throw .invalidTokenizer(
        path: directory,
        problem: "it has \(tokenizer.vocabularySize) tokens, the model's vocab_size is "
          + "\(configuration.vocabularySize)")
    }
    guard
      configuration.endToken == TextConfiguration.legacyEndToken
        || configuration.endToken == tokenizer.endToken
    else {
      throw .invalidTokenizer(
        path: directory,
        problem: "its \(CLIPTokenizer.endName) is \(tokenizer.endToken), the model's eos_token_id "
          + "\(configuration.endToken)")
    }
  }

  /// The folder itself, or that of a file.
  private static func folder(of path: String) -> String {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard exists, !isFolder.boolValue else { return path }
    return URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
  }

  /// What cosines are multiplied by: the checkpoint's `exp(logit_scale)`, or 100, the value that
  /// CLIP's training ends at.
  public var logitScale: Float { checkpoint.logitScale ?? 100 }

  /// The weights for `prompts`, one row for each class in its order.
  ///
  /// - Throws: `TextModelError.invalidEmbedding` if the model's embedding of a sentence has no
  ///   direction: its weights are not finite, or zero.
  public func weights(for prompts: ClassPrompts) throws(TextModelError) -> Weights {
    let sentences = prompts.classes.flatMap { prompts.sentences(of: $0) }
    let limit = checkpoint.configuration.tokenCount
    let tokens = Parallel.map(sentences.count) { tokenizer.tokens(of: sentences[$0]) }
    let texts = tokens.map { tokens in
      [tokenizer.startToken] + tokens.prefix(limit - 2) + [tokenizer.endToken]
    }
    let embeddings = try model.embeddings(of: texts, parameters: checkpoint.parameters)
    let (width, templateCount) = (checkpoint.configuration.embeddingWidth, prompts.templates.count)
    var values: [Float] = []
    values.reserveCapacity(prompts.classes.count * width)
    for index in prompts.classes.indices {
      var sum = [Double](repeating: 0, count: width)
      for row in index * templateCount..<(index + 1) * templateCount {
        let embedding = embeddings.values[row * width..<(row + 1) * width].map { Double($0) }
        guard let unit = Self.unit(embedding) else { throw .invalidEmbedding(of: sentences[row]) }
        for i in unit.indices { sum[i] += unit[i] }
      }
      guard let mean = Self.unit(sum) else {
        throw .invalidEmbedding(of: prompts.classes[index].text)
      }
      values += mean.map { Float($0) }
    }
    return Weights(
      tensor: Tensor(shape: [prompts.classes.count, width], values: values),
      truncatedCount: tokens.count { $0.count > limit - 2 })
  }

  /// `vector` over its length; nil if that is zero or not finite.
  private static func unit(_ vector: [Double]) -> [Double]? {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0, length.isFinite else { return nil }
    return vector.map { $0 / length }
  }
}
