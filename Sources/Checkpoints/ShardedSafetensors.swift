internal import Foundation
internal import Inputs

/// Safetensors files that share a model's tensors out, by their `model.safetensors.index.json`: its
/// `weight_map` names the file of each tensor.
public struct ShardedSafetensors: TensorSource {
  /// The index.
  public let path: String
  public let tensors: [TensorDescription]
  public let metadata: [String: String]
  /// The paths of the shards, in the order of their names.
  public let shardPaths: [String]
  private let files: [String: SafetensorsFile]
  private let shards: [String: String]

  /// Opens the index at `path` and all of its shards, which lie beside it.
  ///
  /// - Throws: `unreadable`, `invalidIndex`, `missingShard`, `missingTensors` of a shard, and what
  ///   is wrong with a shard's header.
  public init(path: String) throws(CheckpointError) {
    let shards = try Self.weightMap(of: path)
    let folder = URL(filePath: path).deletingLastPathComponent()
    var files: [String: SafetensorsFile] = [:]
    for name in Set(shards.map(\.shard)).sorted() {
      let shard = folder.appending(path: name).path(percentEncoded: false)
      guard FileManager.default.fileExists(atPath: shard) else {
        throw .missingShard(index: path, shard: name)
      }
      files[name] = try SafetensorsFile(path: shard)
    }
    var tensors: [TensorDescription] = []
    for (name, shard) in shards {
      guard let file = files[shard] else { throw .missingShard(index: path, shard: shard) }
      guard let description = file[name] else {
        throw .missingTensors(file: file.path, names: [name])
      }
      tensors.append(description)
    }
    self.path = path
    self.tensors = tensors
    self.files = files
    self.shards = Dictionary(uniqueKeysWithValues: shards)
    metadata = files.values.first?.metadata ?? [:]
    shardPaths = files.sorted { $0.key < $1.key }.map(\.value.path)
  }

  private static func weightMap(
    of path: String
  ) throws(CheckpointError) -> [(tensor: String, shard: String)] {
    let text: [UInt8]
    do {
      text = try InputFile.bytes(path, limit: .headerBytes)
    } catch {
      throw .unreadable(file: path, reason: "\(error)")
    }
    let root: HeaderJSON
    do throws(HeaderJSON.SyntaxError) {
      root = try HeaderJSON.parse(text)
    } catch {
      throw .invalidIndex(file: path, reason: "\(error.reason) at byte \(error.offset)")
    }
    guard case .object(let members) = root,
      case .object(let entries)? = members.first(where: { $0.key == "weight_map" })?.value
    else { throw .invalidIndex(file: path, reason: "there is no weight_map") }
    var names: Set<String> = []
    var shards: [(tensor: String, shard: String)] = []
    for (name, value) in entries {
      // Only files beside the index: a path could lead anywhere.
      guard case .text(let shard) = value, !shard.isEmpty, !shard.contains("/"), shard != ".."
      else {
        throw .invalidIndex(file: path, reason: "the file of '\(name)' is not a file's name")
      }
      guard names.insert(name).inserted else { throw .duplicateName(file: path, name: name) }
      shards.append((name, shard))
    }
    return shards
  }

  public subscript(name: String) -> TensorDescription? { file(of: name)?[name] }

  public func values(of name: String) throws(CheckpointError) -> [Float] {
    guard let file = file(of: name) else { throw .missingTensors(file: path, names: [name]) }
    return try file.values(of: name)
  }

  public func bytes(of name: String) throws(CheckpointError) -> [UInt8] {
    guard let file = file(of: name) else { throw .missingTensors(file: path, names: [name]) }
    return try file.bytes(of: name)
  }

  private func file(of name: String) -> SafetensorsFile? { shards[name].flatMap { files[$0] } }
}
