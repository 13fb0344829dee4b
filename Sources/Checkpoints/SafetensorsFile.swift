internal import Foundation
internal import Inputs
internal import TensorCore

/// A safetensors file, mapped into memory: its header is checked at once, its tensors are read when
/// asked for.
public struct SafetensorsFile: Sendable {
  public let path: String
  public let header: SafetensorsHeader
  private let data: Data
  private let positions: [String: Int]

  /// Maps the file at `path` and checks its header.
  public init(path: String) throws(CheckpointError) {
    let data = try Data(mapping: path)
    self.path = path
    self.data = data
    header = try SafetensorsHeader(parsing: data.span, file: path)
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
    var values = [Float](repeating: 0, count: entry.shape.count)
    FloatConversion.decode(data.bytes.extracting(range), as: type, into: &values)
    return values
  }

  public func bytes(of name: String) throws(CheckpointError) -> [UInt8] {
    let range = try place(of: name).bytes
    return Array(data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound])
  }
}

extension SafetensorsHeader.Entry {
  fileprivate var description: TensorDescription {
    TensorDescription(name: name, type: type, shape: shape)
  }
}

extension Data {
  /// The regular file at `path`, mapped into memory.
  ///
  /// - Parameter limit: what a larger file is refused by; nil: files of any size are mapped.
  init(mapping path: String, limit: Limit? = nil) throws(CheckpointError) {
    do {
      let count = try InputFile(path).count
      if let limit, count > limit.value {
        throw InputError.tooLarge(bytes: count, limit: limit, value: limit.value)
      }
      // Foundation loses a buffer with each empty file.
      guard count > 0 else {
        self.init()
        return
      }
      try self.init(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      throw .unreadable(file: path, reason: "\(error)")
    }
  }
}
