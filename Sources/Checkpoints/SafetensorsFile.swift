internal import Inputs
internal import TensorCore

/// A safetensors file, kept open: its header is checked at once, its tensors are read when asked for.
public struct SafetensorsFile: Sendable {
  public let path: String
  public let header: SafetensorsHeader
  private let file: RandomAccessFile
  private let positions: [String: Int]

  /// Opens the file at `path` and checks its header.
  public init(path: String) throws(CheckpointError) {
    let file = try RandomAccessFile(checkpoint: path)
    self.path = path
    self.file = file
    header = try SafetensorsHeader(of: file)
    positions = Dictionary(
      uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) })
  }

  /// The names of the tensors of any type, in the order of their data.
  public var names: [String] { header.entries.map(\.name) }

  /// Where the header says that the tensor `name` lies; nil if the file has none.
  public func entry(_ name: String) -> SafetensorsHeader.Entry? {
    positions[name].map { header.entries[$0] }
  }

  private func place(
    of name: String
  ) throws(CheckpointError) -> (entry: SafetensorsHeader.Entry, bytes: Range<Int>) {
    guard let entry = entry(name) else { throw .missingTensors(file: path, names: [name]) }
    let start = header.dataOffset + entry.dataRange.lowerBound
    return (entry, start..<start + entry.dataRange.count)
  }
}

extension SafetensorsFile: TensorSource {
  /// The texts that came with the tensors (`__metadata__`).
  public var metadata: [String: String] { header.metadata }

  /// In the order of their data.
  public var tensors: [TensorDescription] { header.entries.map(\.description) }

  public subscript(name: String) -> TensorDescription? { entry(name)?.description }

  public func values(of name: String) throws(CheckpointError) -> [Float] {
    let (entry, range) = try place(of: name)
    guard let type = entry.type.floatType else {
      throw .notFloat(file: path, tensor: entry.name, dtype: entry.type)
    }
    return try file.floats(range, as: type)
  }

  public func bytes(of name: String) throws(CheckpointError) -> [UInt8] {
    try file.part(try place(of: name).bytes)
  }
}

extension SafetensorsHeader.Entry {
  fileprivate var description: TensorDescription {
    TensorDescription(name: name, type: type, shape: shape)
  }
}
