internal import Checkpoints
internal import Foundation

/// The files of a checkpoint: a folder as Hugging Face's `save_pretrained` writes it, or one file of
/// weights alone.
public struct CheckpointFiles: Sendable, Equatable {
  /// The folder or the file.
  public let path: String
  /// The `config.json`; nil for weights whose shapes tell the architecture.
  public let configuration: String?
  /// The weights, or the index of their shards.
  public let weights: String
  /// The `preprocessor_config.json`, if there is one.
  public let preprocessor: String?

  /// What a folder's weights may be called, the first that is there counts.
  private static let weightNames = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
  ]
  /// The same without `config.json`, whose names are open_clip's.
  private static let bareNames = [
    "model.safetensors", "open_clip_model.safetensors", "open_clip_pytorch_model.bin",
  ]

  /// - Throws: `ModelError.unreadable` if what belongs together is not there.
  public init(_ path: String) throws(ModelError) {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    self.path = path
    if exists && !isFolder.boolValue {
      (configuration, weights, preprocessor) = (nil, path, nil)
      return
    }
    func file(_ name: String) -> String? {
      let file = Self.join(path, name)
      return FileManager.default.fileExists(atPath: file) ? file : nil
    }
    configuration = file("config.json")
    preprocessor = file("preprocessor_config.json")
    let names = configuration == nil ? Self.bareNames : Self.weightNames
    guard let weights = names.lazy.compactMap({ file($0) }).first else {
      guard configuration != nil else {
        throw .unreadable(
          path: Self.join(path, "config.json"), reason: exists ? "no such file" : "no such folder")
      }
      throw .unreadable(
        path: Self.join(path, names[0]),
        reason: "no such file, and none of \(names.dropFirst().joined(separator: ", ")) either")
    }
    self.weights = weights
  }

  /// All files, those of the weights last.
  ///
  /// - Throws: `ModelError.checkpoint` if an index can't be read.
  public func all() throws(ModelError) -> [String] {
    let others = [configuration, preprocessor].compactMap { $0 }
    guard weights.hasSuffix(".index.json") else { return others + [weights] }
    do {
      return others + [weights] + (try ShardedSafetensors(path: weights).shardPaths)
    } catch {
      throw .checkpoint(error)
    }
  }

  static func join(_ folder: String, _ name: String) -> String {
    URL(filePath: folder).appending(path: name).path(percentEncoded: false)
  }
}
