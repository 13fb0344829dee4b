internal import Checkpoints
internal import Foundation
internal import Inputs
internal import TensorCore

/// What a head's file says, in whichever form it comes:
///
/// - safetensors or a state dict of `torch.save` with `weight` or a single matrix of any name;
/// - an official `head_<Task>.pt` of task_vectors and AdaMerging: a whole `ClassificationHead`, a
///   linear layer with a flag `normalize`, of which the weights are read and nothing is executed;
/// - the folder of Hugging Face's `ViTForImageClassification`: its `classifier`, and the names of its
///   classes from `id2label`.
struct HeadFile {
  let weights: Tensor
  var bias: [Float]?
  var classNames: [String]?
  var logitScale: String?
  var normalizes: Bool?

  /// - Throws: `ModelError.checkpoint`, `.invalidHead`, `.unreadable`.
  static func read(_ path: String) throws(ModelError) -> HeadFile {
    var isFolder: ObjCBool = false
    _ = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if isFolder.boolValue { return try read(folder: path) }
    if TensorFiles.isTorch(path), let head = try read(module: path) { return head }
    return try read(tensors: path)
  }

  private static func read(module path: String) throws(ModelError) -> HeadFile? {
    do throws(CheckpointError) {
      guard let module = try TorchModule(path: path) else { return nil }
      guard let weights = try module.parameter("weight") else {
        throw .missingTensors(file: path, names: ["weight (of its \(module.className))"])
      }
      return HeadFile(
        weights: weights, bias: try module.parameter("bias")?.values,
        normalizes: module.flags["normalize"])
    } catch {
      throw .checkpoint(error)
    }
  }

  private static func read(tensors path: String) throws(ModelError) -> HeadFile {
    let metadata: [String: String]
    var head: HeadFile
    do throws(CheckpointError) {
      let source = try TensorFiles.open(path)
      let name = try weightName(in: source)
      let bias = name.hasSuffix("weight") ? "\(name.dropLast(6))bias" : "bias"
      head = HeadFile(
        weights: try source.tensor(named: name),
        bias: source[bias] == nil ? nil : try source.values(of: bias))
      metadata = source.metadata
    } catch {
      throw .checkpoint(error)
    }
    head.classNames = try classNames(metadata["class_names"], path: path)
    head.logitScale = metadata["logit_scale"]
    head.normalizes = metadata["normalize"].map { $0 != "false" }
    return head
  }

  private static func read(folder: String) throws(ModelError) -> HeadFile {
    let files = try CheckpointFiles(folder)
    var head: HeadFile
    do throws(CheckpointError) {
      let source = try TensorFiles.open(files.weights)
      let bias = "classifier.bias"
      head = HeadFile(
        weights: try source.tensor(named: "classifier.weight"),
        bias: source[bias] == nil ? nil : try source.values(of: bias))
    } catch {
      throw .checkpoint(error)
    }
    struct Document: Decodable { var id2label: [String: String]? }
    let labels = files.configuration
      .flatMap { try? Data(InputFile.bytes($0, limit: .textBytes)) }
      .flatMap { try? JSONDecoder().decode(Document.self, from: $0) }?.id2label
    let names = labels.map { labels in (0..<labels.count).compactMap { labels["\($0)"] } }
    if let names, names.count == head.weights.rowCount { head.classNames = names }
    head.logitScale = "1"
    head.normalizes = false
    return head
  }

  /// `weight`, or the only matrix.
  private static func weightName(
    in source: any TensorSource
  ) throws(CheckpointError) -> String {
    if source["weight"] != nil { return "weight" }
    let matrices = source.tensors.filter { $0.shape.rank == 2 && $0.type.floatType != nil }
    guard matrices.count == 1 else {
      throw .missingTensors(file: source.path, names: ["weight"])
    }
    return matrices[0].name
  }

  private static func classNames(
    _ text: String?, path: String
  ) throws(ModelError) -> [String]? {
    guard let text else { return nil }
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw .invalidHead(
        path: path, problem: "class_names in the metadata should be a JSON array of texts")
    }
    return names
  }
}
