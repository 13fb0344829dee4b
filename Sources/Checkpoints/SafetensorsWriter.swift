internal import Foundation
public import TensorCore

/// Writes safetensors files as the reference implementation does, byte for byte: compact JSON,
/// padded by spaces so that the data is aligned to 8 bytes.
public enum SafetensorsWriter {
  /// In which order the tensors lie in the file.
  public enum Order: Sendable {
    /// By name (then all tensors are of one type here), as the reference implementation does.
    case byName
    case asGiven
  }

  /// Writes `tensors`, all stored as `dtype`, to `path`: whole or not at all.
  ///
  /// - Parameter metadata: texts that travel with the tensors, sorted by their keys.
  /// - Throws: `duplicateName`, `unwritable`.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], dtype: DType = .float32,
    metadata: [String: String] = [:], order: Order = .byName, to path: String
  ) throws(CheckpointError) {
    let type = StorageType(dtype)
    let parts = tensors.map {
      TensorDescription(name: $0.name, type: type, shape: $0.tensor.shape)
    }
    let bytes = try encode(parts, metadata, order, path) { index, output throws(CheckpointError) in
      let values = tensors[index].tensor.values
      FloatConversion.encode(values.span, as: dtype, into: &output)
    }
    try write(bytes, to: path)
  }

  /// Writes all `parameters`, stored as `dtype`, to `path`: whole or not at all.
  public static func write(
    _ parameters: StateDict, dtype: DType = .float32, metadata: [String: String] = [:],
    order: Order = .byName, to path: String
  ) throws(CheckpointError) {
    let entries = parameters.layout.entries
    let type = StorageType(dtype)
    let parts = entries.map { TensorDescription(name: $0.name, type: type, shape: $0.shape) }
    let bytes = try encode(parts, metadata, order, path) { index, output throws(CheckpointError) in
      FloatConversion.encode(
        parameters.values.span.extracting(entries[index].range), as: dtype, into: &output)
    }
    try write(bytes, to: path)
  }

  /// Writes `parameters` as the file that they came in has them: under its names and in its form, by
  /// `map`, in its order and types, with all its other tensors and texts.
  ///
  /// - Parameters:
  ///   - metadata: texts that are added to those of the file.
  ///   - dtype: for the parameters, instead of the file's types.
  /// - Throws: `missingTensors`, `notFloat`, `unwritable`.
  public static func write(
    _ parameters: StateDict, like source: any TensorSource, by map: NameMap,
    metadata: [String: String] = [:], dtype: DType? = nil, to path: String
  ) throws(CheckpointError) {
    let held = Dictionary(map.entries.map { ($0.tensor, $0) }) { first, _ in first }
    let missing = map.entries.map(\.tensor).filter { source[$0] == nil }
    guard missing.isEmpty else { throw .missingTensors(file: source.path, names: missing) }
    let parts = source.tensors.map { tensor in
      guard let entry = held[tensor.name] else { return tensor }
      return TensorDescription(
        name: tensor.name, type: dtype.map(StorageType.init) ?? tensor.type,
        shape: entry.shape(in: parameters.layout))
    }
    let texts = source.metadata.isEmpty ? ["format": "pt"] : source.metadata
    let metadata = texts.merging(metadata) { _, new in new }
    let bytes = try encode(parts, metadata, .asGiven, path) {
      index, output throws(CheckpointError) in
      guard let entry = held[parts[index].name] else {
        output += try source.bytes(of: parts[index].name)
        return
      }
      guard let type = parts[index].type.floatType else {
        throw .notFloat(file: source.path, tensor: entry.tensor, dtype: parts[index].type)
      }
      FloatConversion.encode(entry.values(from: parameters).span, as: type, into: &output)
    }
    try write(bytes, to: path)
  }

  /// Writes a file's bytes beside `path`, then renames it: readers see the old file or the new.
  public static func write(_ bytes: [UInt8], to path: String) throws(CheckpointError) {
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
      let reason =
        FileManager.default.fileExists(atPath: folder)
        ? FileReason.of(error) : "there is no folder \(folder)"
      throw .unwritable(file: path, reason: reason)
    }
  }

  private static func encode(
    _ tensors: [TensorDescription], _ metadata: [String: String], _ order: Order, _ path: String,
    data: (Int, inout [UInt8]) throws(CheckpointError) -> Void
  ) throws(CheckpointError) -> [UInt8] {
    var indices = Array(tensors.indices)
    if order == .byName {
      // By bytes, as the reference compares texts; Swift's order is by normalised scalars.
      indices.sort { tensors[$0].name.utf8.lexicographicallyPrecedes(tensors[$1].name.utf8) }
    }
    var names: Set<String> = ["__metadata__"]
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for index in indices {
      let (name, type, shape) = (tensors[index].name, tensors[index].type, tensors[index].shape)
      guard names.insert(name).inserted else { throw .duplicateName(file: path, name: name) }
      let begin = end
      end += shape.count * type.bitCount / 8
      let extents = shape.dimensions.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(extents)],"
          + "\"data_offsets\":[\(begin),\(end)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    var output: [UInt8] = []
    output.reserveCapacity(8 + header.count + end)
    output += (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    output += header
    for index in indices { try data(index, &output) }
    return output
  }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "\u{8}": output += "\\b"
      case "\u{c}": output += "\\f"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output + "\""
  }
}
