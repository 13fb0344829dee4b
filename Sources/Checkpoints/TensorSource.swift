public import TensorCore

/// What a file says of one of its tensors.
public struct TensorDescription: Sendable, Equatable {
  public let name: String
  public let type: StorageType
  public let shape: Shape

  public init(name: String, type: StorageType, shape: Shape) {
    self.name = name
    self.type = type
    self.shape = shape
  }
}

/// Named tensors on disk, in whatever files: safetensors, shards of them, or PyTorch's zip files.
/// Opening checks the description of every tensor; values are read when asked for.
public protocol TensorSource: Sendable {
  /// The file that errors name.
  var path: String { get }
  /// In the order of the file.
  var tensors: [TensorDescription] { get }
  /// Texts that came with the tensors.
  var metadata: [String: String] { get }

  /// What the file says of the tensor `name`; nil if it has none.
  subscript(name: String) -> TensorDescription? { get }

  /// The values of the tensor `name` as 32-bit floats, row-major.
  ///
  /// - Throws: `missingTensors`; `notFloat` for a type other than F32, F16 and BF16; what is wrong
  ///   with its data.
  func values(of name: String) throws(CheckpointError) -> [Float]

  /// The tensor `name` as it is stored: little-endian, row-major.
  ///
  /// - Throws: `missingTensors`, and what is wrong with its data.
  func bytes(of name: String) throws(CheckpointError) -> [UInt8]
}

extension TensorSource {
  /// The tensor `name`, as 32-bit floats.
  ///
  /// - Throws: as `values(of:)`.
  public func tensor(named name: String) throws(CheckpointError) -> Tensor {
    guard let description = self[name] else { throw .missingTensors(file: path, names: [name]) }
    return Tensor(shape: description.shape, values: try values(of: name))
  }

  /// The parameters of a model, whose parameters are `layout`, as `map` finds them in the file.
  ///
  /// This is where every command's models pass, so values that are not finite are refused here.
  ///
  /// - Parameter map: nil for the names of the layout as they are.
  /// - Throws: `missingTensors`, `unexpectedTensors`, `shapeMismatch`, `notFloat`, `nonFinite`, or
  ///   `several` of them: all that is wrong.
  public func stateDict(
    for layout: ParameterLayout, by map: NameMap? = nil
  ) throws(CheckpointError) -> StateDict {
    let map = map ?? NameMap(identityOf: layout)
    try check(layout, by: map)
    var values = [Float](repeating: 0, count: layout.count)
    var nonFinite: [CheckpointError] = []
    for entry in map.entries {
      guard let description = self[entry.tensor] else { continue }
      var tensor = try self.values(of: entry.tensor)
      if let found = NonFiniteValues(among: tensor.span) {
        nonFinite.append(.nonFinite(file: path, tensor: entry.tensor, found))
      }
      if entry.isTransposed {
        tensor = tensor.transposed(rows: description.shape[0], columns: description.shape[1])
      }
      var start = 0
      for parameter in entry.parameters {
        guard let range = layout[parameter]?.range else { continue }
        values.replaceSubrange(range, with: tensor[start..<start + range.count])
        start += range.count
      }
    }
    if let error = CheckpointError(nonFinite) { throw error }
    return StateDict(layout: layout, values: values)
  }

  /// Holds the descriptions of the file's tensors against a model's parameters; reads no values.
  ///
  /// - Throws: as `stateDict(for:by:)`.
  public func check(_ layout: ParameterLayout, by map: NameMap) throws(CheckpointError) {
    var problems: [CheckpointError] = []
    let missing = map.entries.map(\.tensor).filter { self[$0] == nil }
    if !missing.isEmpty { problems.append(.missingTensors(file: path, names: missing)) }
    let known = Set(map.entries.map(\.tensor))
    let unexpected = tensors.filter {
      !known.contains($0.name) && $0.type.floatType != nil && !map.leavesAside($0.name)
    }
    if !unexpected.isEmpty {
      problems.append(.unexpectedTensors(file: path, names: unexpected.map(\.name)))
    }
    for entry in map.entries {
      guard let got = self[entry.tensor] else { continue }
      let expected = entry.shape(in: layout)
      if got.shape != expected {
        problems.append(
          .shapeMismatch(file: path, tensor: got.name, expected: expected, got: got.shape))
      } else if got.type.floatType == nil {
        problems.append(.notFloat(file: path, tensor: got.name, dtype: got.type))
      }
    }
    if let error = CheckpointError(problems) { throw error }
  }
}

extension Array where Element == Float {
  /// A row-major matrix of `rows` x `columns`, its columns as rows.
  func transposed(rows: Int, columns: Int) -> [Float] {
    precondition(count == rows * columns, "a matrix")
    let source = span
    return [Float](capacity: count) { output in
      for column in 0..<columns {
        for row in 0..<rows { output.append(source[row * columns + column]) }
      }
    }
  }
}
