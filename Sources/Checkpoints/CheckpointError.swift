internal import Inputs
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
  /// Values that are NaN or infinite: a merge would spread them.
  case nonFinite(file: String, tensor: String, count: Int, first: Int)
  /// All that is wrong, one after another.
  indirect case several([CheckpointError])

  // Shards and their index.
  case invalidIndex(file: String, reason: String)
  case missingShard(index: String, shard: String)

  // PyTorch's zip files.
  case invalidArchive(file: String, reason: String)
  case invalidPickle(file: String, offset: Int, reason: String)
  /// An object of a class that only Python code makes: a whole module, not a state dict.
  case unsupportedClass(file: String, name: String)
  case invalidTensor(file: String, tensor: String, reason: String)

  /// All of `problems` as one; nil if there are none.
  init?(_ problems: [CheckpointError]) {
    guard let first = problems.first else { return nil }
    self = problems.count == 1 ? first : .several(problems)
  }

  package static func nonFinite(
    file: String, tensor: String, _ found: NonFiniteValues
  ) -> CheckpointError {
    .nonFinite(file: file, tensor: tensor, count: found.count, first: found.first)
  }

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): can't be read: \(reason)"
    case .unwritable(let file, let reason): "\(file): can't be written: \(reason)"
    case .fileTooShort(let file, let bytes):
      "\(file): not safetensors: \(bytes) bytes, but the header's length alone takes 8"
    case .headerTooLarge(let file, let bytes):
      "\(file): not safetensors: a header of \(bytes) bytes is announced, the limit is "
        + "\(Limit.headerBytes.value)"
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
      "\(file): tensor '\(tensor)' is there twice, under different prefixes; keep one"
    case .shapeMismatch(let file, let tensor, let expected, let got):
      "\(file): tensor '\(tensor)': shape \(got), the model needs \(expected)"
    case .notFloat(let file, let tensor, let dtype):
      "\(file): tensor '\(tensor)': dtype \(dtype.rawValue) is not read as floats; F32, F16 and "
        + "BF16 are"
    case .nonFinite(let file, let tensor, let count, let first):
      "\(file): tensor '\(tensor)': holds NaN or infinity at \(count) elements, the first is \(first)"
    case .several(let errors): errors.map(\.description).joined(separator: "\n")
    case .invalidIndex(let file, let reason):
      "\(file): not an index of shards: \(reason); it should be JSON with a 'weight_map' from names "
        + "of tensors to names of files beside it"
    case .missingShard(let index, let shard):
      "\(index): its shard \(shard) is not in the same folder; download all shards"
    case .invalidArchive(let file, let reason): "\(file): not a file of torch.save: \(reason)"
    case .invalidPickle(let file, let offset, let reason):
      "\(file): its data.pkl is not a state dict: \(reason) at byte \(offset)"
    case .unsupportedClass(let file, let name):
      "\(file): holds an object of the class \(name), which only its Python code can make; save "
        + "its state dict instead, where that code is: python -c \"import torch; "
        + "torch.save(torch.load('\(Self.last(file))', weights_only=False).state_dict(), "
        + "'state_dict.pt')\""
    case .invalidTensor(let file, let tensor, let reason):
      "\(file): tensor '\(tensor)': \(reason)"
    }
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  private static func last(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
