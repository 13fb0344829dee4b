internal import TensorCore

/// A state dict in a file of `torch.save` (PyTorch 1.6 and later: a zip archive of a pickle and one
/// file for each storage), read without Python and without executing anything of it.
public struct TorchStateDict: TensorSource {
  public let path: String
  public let tensors: [TensorDescription]
  public var metadata: [String: String] { [:] }
  private let archive: TorchArchive
  private let views: [String: TorchTensor]

  /// The keys under which training programs keep the state dict beside other things.
  private static let wrappers = ["state_dict", "model", "model_state_dict"]

  /// Opens the file at `path`, reads its pickle and checks that every tensor lies inside its storage.
  ///
  /// - Throws: `unreadable`, `invalidArchive`, `invalidPickle`, `unsupportedClass` for a whole
  ///   module or any other object, `invalidTensor`.
  public init(path: String) throws(CheckpointError) {
    let archive = try TorchArchive(path: path)
    let (root, heap) = try archive.contents(unknownClasses: .refused)
    let inner = Self.wrappers.lazy.compactMap { heap.value($0, in: root) }.first { value in
      if case .dictionary = value { true } else { false }
    }
    var tensors: [TensorDescription] = []
    var views: [String: TorchTensor] = [:]
    // A tensor alone has no name.
    let members = if case .tensor = root { [("tensor", root)] } else { heap.members(inner ?? root) }
    for (name, value) in members {
      guard case .tensor(let tensor) = value else { continue }
      guard views.updateValue(tensor, forKey: name) == nil else {
        throw .duplicateName(file: path, name: name)
      }
      try archive.check(tensor, named: name)
      tensors.append(
        TensorDescription(name: name, type: tensor.storage.type, shape: Shape(tensor.shape)))
    }
    guard !tensors.isEmpty else {
      throw .invalidPickle(file: path, offset: 0, reason: "no dictionary of tensors was found")
    }
    self.path = path
    self.tensors = tensors
    self.archive = archive
    self.views = views
  }

  public subscript(name: String) -> TensorDescription? {
    views[name].map {
      TensorDescription(name: name, type: $0.storage.type, shape: Shape($0.shape))
    }
  }

  public func values(of name: String) throws(CheckpointError) -> [Float] {
    guard let tensor = views[name] else { throw .missingTensors(file: path, names: [name]) }
    return try archive.values(of: tensor, named: name)
  }

  public func bytes(of name: String) throws(CheckpointError) -> [UInt8] {
    guard let tensor = views[name] else { throw .missingTensors(file: path, names: [name]) }
    return try archive.bytes(of: tensor)
  }
}
