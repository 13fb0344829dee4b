internal import Foundation
public import TensorCore

/// A safetensors file, mapped into memory: its header is checked at once, its tensors are read when
/// asked for.
public struct SafetensorsFile: Sendable {
  public let path: String
  public let header: SafetensorsHeader
  private let data: Data
  private let positions: [String: Int]

  /// Maps the file at `path` and checks its header.
  public init(path: String) throws(CheckpointError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      throw .unreadable(file: path, reason: FileManager.default.reasonUnreadable(path, error))
    }
    self.path = path
    self.data = data
    header = try SafetensorsHeader(parsing: data.span, file: path)
    positions = Dictionary(
      uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) })
  }

  /// The names of the tensors of any type, in the order of their data.
  public var names: [String] { header.entries.map(\.name) }
  /// The texts that came with the tensors (`__metadata__`).
  public var metadata: [String: String] { header.metadata }

  /// What the header says of the tensor `name`; nil if the file has none.
  public subscript(name: String) -> SafetensorsHeader.Entry? {
    positions[name].map { header.entries[$0] }
  }

  /// The tensor `name`, as 32-bit floats.
  ///
  /// - Throws: `missingTensors`; `notFloat` for a type other than F32, F16 and BF16.
  public func tensor(named name: String) throws(CheckpointError) -> Tensor {
    guard let entry = self[name] else { throw .missingTensors(file: path, names: [name]) }
    return Tensor(shape: entry.shape, values: try values(of: entry))
  }

  private func values(
    of entry: SafetensorsHeader.Entry
  ) throws(CheckpointError) -> [Float] {
    guard let type = entry.type.floatType else {
      throw .notFloat(file: path, tensor: entry.name, dtype: entry.type)
    }
    var values = [Float](repeating: 0, count: entry.shape.count)
    let start = header.dataOffset + entry.dataRange.lowerBound
    let bytes = data.bytes.extracting(start..<start + entry.dataRange.count)
    FloatConversion.decode(bytes, as: type, into: &values)
    return values
  }

  /// The vision tower of a model whose parameters are `layout`: names may come with or without
  /// `vision_model.`; tensors of other parts of a CLIP model and integer buffers are left aside.
  ///
  /// - Throws: `missingTensors` (all of them), `unexpectedTensors`, `shapeMismatch`, `notFloat`.
  public func stateDict(for layout: ParameterLayout) throws(CheckpointError) -> StateDict {
    let matched = try entries(for: layout)
    var values: [Float] = []
    values.reserveCapacity(layout.count)
    for (parameter, entry) in zip(layout.entries, matched) {
      guard entry.shape == parameter.shape else {
        throw .shapeMismatch(
          file: path, tensor: entry.name, expected: parameter.shape, got: entry.shape)
      }
      values += try self.values(of: entry)
    }
    return StateDict(layout: layout, values: values)
  }

  /// The file's entries of the parameters of `layout`, in its order.
  private func entries(
    for layout: ParameterLayout
  ) throws(CheckpointError) -> [SafetensorsHeader.Entry] {
    var found: [String: SafetensorsHeader.Entry] = [:]
    var unexpected: [String] = []
    for entry in header.entries {
      let name = WeightNames.canonical(entry.name)
      if layout[name] != nil {
        guard found.updateValue(entry, forKey: name) == nil else {
          throw .ambiguousName(file: path, tensor: name)
        }
      } else if entry.type.floatType != nil, !WeightNames.isOutsideVisionTower(entry.name) {
        unexpected.append(entry.name)
      }
    }
    let missing = layout.names.filter { found[$0] == nil }
    guard missing.isEmpty else { throw .missingTensors(file: path, names: missing) }
    guard unexpected.isEmpty else { throw .unexpectedTensors(file: path, names: unexpected) }
    return layout.names.map { found[$0]! }
  }

  /// The file's bytes with the tensors of `parameters` in place of its own: header, names, order,
  /// types and all other tensors stay as they are.
  ///
  /// - Throws: as `stateDict(for:)`.
  public func replacing(_ parameters: StateDict) throws(CheckpointError) -> [UInt8] {
    let matched = try entries(for: parameters.layout)
    var output = Array(data)
    for (parameter, entry) in zip(parameters.layout.entries, matched) {
      guard entry.shape == parameter.shape else {
        throw .shapeMismatch(
          file: path, tensor: entry.name, expected: parameter.shape, got: entry.shape)
      }
      guard let type = entry.type.floatType else {
        throw .notFloat(file: path, tensor: entry.name, dtype: entry.type)
      }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(entry.dataRange.count)
      FloatConversion.encode(
        parameters.values.span.extracting(parameter.range), as: type, into: &bytes)
      let start = header.dataOffset + entry.dataRange.lowerBound
      output.replaceSubrange(start..<start + entry.dataRange.count, with: bytes)
    }
    return output
  }
}

extension FileManager {
  /// A short reason why a file can't be read; Foundation's errors hide it in their user info.
  fileprivate func reasonUnreadable(_ path: String, _ error: any Error) -> String {
    var isFolder: ObjCBool = false
    guard unsafe fileExists(atPath: path, isDirectory: &isFolder) else { return "no such file" }
    if isFolder.boolValue { return "it is a folder" }
    return isReadableFile(atPath: path) ? "\(error)" : "permission denied"
  }
}
