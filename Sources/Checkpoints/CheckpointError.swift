public import TensorCore

/// A checkpoint that can't be read, trusted, matched to a model or written: one case per check.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  case unreadable(file: String, reason: String)
  case unwritable(file: String, reason: String)

  // The frame of a safetensors file.
  case fileTooShort(file: String, byteCount: Int)
  case headerTooLarge(file: String, byteCount: UInt64)
  case headerBeyondFile(file: String, byteCount: Int, available: Int)
  case headerNotUTF8(file: String)
  case headerStart(file: String)
  case headerNotJSON(file: String, offset: Int, reason: String)
  case duplicateName(file: String, name: String)
  case metadataNotText(file: String, key: String)

  // The entries of its header.
  case invalidEntry(file: String, tensor: String, reason: String)
  case unknownDType(file: String, tensor: String, dtype: String)
  case sizeOverflow(file: String, tensor: String)
  case partialByte(file: String, tensor: String)
  case sizeMismatch(file: String, tensor: String, expected: Int, got: Int)
  case reversedOffsets(file: String, tensor: String, begin: Int, end: Int)
  case beyondFile(file: String, tensor: String, end: Int, available: Int)
  case overlap(file: String, tensor: String, begin: Int, previousEnd: Int)
  case gap(file: String, tensor: String, begin: Int, previousEnd: Int)
  case trailingBytes(file: String, covered: Int, available: Int)

  // Its tensors against what a model needs.
  case missingTensors(file: String, names: [String])
  case unexpectedTensors(file: String, names: [String])
  case ambiguousName(file: String, tensor: String)
  case shapeMismatch(file: String, tensor: String, expected: Shape, got: Shape)
  case notFloat(file: String, tensor: String, dtype: StorageType)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): can't be read: \(reason)"
    case .unwritable(let file, let reason): "\(file): can't be written: \(reason)"
    case .fileTooShort(let file, let bytes):
      "\(file): not safetensors: \(bytes) bytes, but the header's length alone takes 8"
    case .headerTooLarge(let file, let bytes):
      "\(file): not safetensors: a header of \(bytes) bytes is announced, the limit is "
        + "\(SafetensorsHeader.maximumByteCount)"
    case .headerBeyondFile(let file, let bytes, let available):
      "\(file): cut off: a header of \(bytes) bytes is announced, \(available) bytes follow"
    case .headerNotUTF8(let file): "\(file): the header is not UTF-8"
    case .headerStart(let file): "\(file): not safetensors: the header must start with '{'"
    case .headerNotJSON(let file, let offset, let reason):
      "\(file): the header is not JSON: \(reason) at its byte \(offset)"
    case .duplicateName(let file, let name): "\(file): the header has '\(name)' twice"
    case .metadataNotText(let file, let key):
      "\(file): __metadata__ must map names to texts; '\(key)' does not"
    case .invalidEntry(let file, let tensor, let reason): "\(file): tensor '\(tensor)': \(reason)"
    case .unknownDType(let file, let tensor, let dtype):
      "\(file): tensor '\(tensor)': unknown dtype '\(dtype)'; known are "
        + StorageType.allCases.map(\.rawValue).joined(separator: ", ")
    case .sizeOverflow(let file, let tensor):
      "\(file): tensor '\(tensor)': its shape has more elements than memory can address"
    case .partialByte(let file, let tensor):
      "\(file): tensor '\(tensor)': its elements do not fill whole bytes"
    case .sizeMismatch(let file, let tensor, let expected, let got):
      "\(file): tensor '\(tensor)': shape and dtype need \(expected) bytes, data_offsets span \(got)"
    case .reversedOffsets(let file, let tensor, let begin, let end):
      "\(file): tensor '\(tensor)': data_offsets [\(begin), \(end)] end before they begin"
    case .beyondFile(let file, let tensor, let end, let available):
      "\(file): tensor '\(tensor)': ends at byte \(end) of \(available) bytes of data (cut off?)"
    case .overlap(let file, let tensor, let begin, let previousEnd):
      "\(file): tensor '\(tensor)': begins at byte \(begin), within the tensor before it, which "
        + "ends at \(previousEnd)"
    case .gap(let file, let tensor, let begin, let previousEnd):
      "\(file): tensor '\(tensor)': begins at byte \(begin), but what is before it ends at "
        + "\(previousEnd)"
    case .trailingBytes(let file, let covered, let available):
      "\(file): tensors cover \(covered) of \(available) bytes of data; all must be covered"
    case .missingTensors(let file, let names):
      "\(file): \(names.count) tensors of the model are missing: \(Self.list(names))"
    case .unexpectedTensors(let file, let names):
      "\(file): \(names.count) tensors that the model does not have: \(Self.list(names))"
    case .ambiguousName(let file, let tensor):
      "\(file): tensor '\(tensor)' is there both with and without its prefix 'vision_model.'"
    case .shapeMismatch(let file, let tensor, let expected, let got):
      "\(file): tensor '\(tensor)': shape \(got), the model needs \(expected)"
    case .notFloat(let file, let tensor, let dtype):
      "\(file): tensor '\(tensor)': dtype \(dtype.rawValue) is not read as floats; F32, F16 and "
        + "BF16 are"
    }
  }

  /// The first few names: a wrong model lacks hundreds.
  private static func list(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
  }
}
