public import TensorCore

/// A whole module in a file of `torch.save`, whose class only Python knows: its parameters and plain
/// attributes, read as inert records. Nothing of it is executed.
public struct TorchModule: Sendable {
  public let path: String
  /// The name of its class, as `src.modeling.ClassificationHead`.
  public let className: String
  private let archive: TorchArchive
  private let parameters: [String: TorchTensor]
  /// Its attributes that are true or false.
  public let flags: [String: Bool]

  /// Reads the module in the file at `path`; nil if the file holds a state dict.
  ///
  /// - Throws: `unreadable`, `invalidArchive`, `invalidPickle`, `invalidTensor`.
  public init?(path: String) throws(CheckpointError) {
    let archive = try TorchArchive(path: path)
    let (root, heap) = try archive.contents(unknownClasses: .inert)
    guard case .record(let place) = root else { return nil }
    let record = heap.records[place]
    var parameters: [String: TorchTensor] = [:]
    let own = heap.value("_parameters", in: record.state) ?? .none
    for (name, value) in heap.members(own) {
      guard case .tensor(let tensor) = value else { continue }
      try archive.check(tensor, named: name)
      parameters[name] = tensor
    }
    var flags: [String: Bool] = [:]
    for (name, value) in heap.members(record.state) {
      if case .boolean(let flag) = value { flags[name] = flag }
    }
    self.path = path
    self.archive = archive
    self.parameters = parameters
    self.flags = flags
    className = "\(record.type)"
  }

  /// The parameter `name` of the module itself, not of its parts; nil if it has none.
  ///
  /// - Throws: `notFloat`, `unreadable`.
  public func parameter(_ name: String) throws(CheckpointError) -> Tensor? {
    guard let tensor = parameters[name] else { return nil }
    return Tensor(
      shape: Shape(tensor.shape), values: try archive.values(of: tensor, named: name))
  }
}
