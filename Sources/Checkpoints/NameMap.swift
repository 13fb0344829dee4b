internal import TensorCore

/// Which tensors of a file hold a model's parameters, under which names and in which form; read in
/// both directions, so that a model is written as it came.
public struct NameMap: Sendable, Equatable {
  /// One tensor of a file.
  public struct Entry: Sendable, Equatable {
    /// Its name in the file.
    public let tensor: String
    /// The parameters that it holds, one below the other along the first axis.
    public let parameters: [String]
    /// Whether the file has the matrix transposed.
    public let isTransposed: Bool

    public init(tensor: String, parameters: [String], isTransposed: Bool = false) {
      self.tensor = tensor
      self.parameters = parameters
      self.isTransposed = isTransposed
    }

    /// The shape of the tensor in the file, for parameters of `layout`, which has them.
    func shape(in layout: ParameterLayout) -> Shape {
      let shapes = parameters.compactMap { layout[$0]?.shape.dimensions }
      guard var dimensions = shapes.first else { return Shape([]) }
      if shapes.count > 1 { dimensions[0] = shapes.reduce(0) { $0 + $1[0] } }
      return Shape(isTransposed ? dimensions.reversed() : dimensions)
    }

    /// The tensor's values in the file's form.
    func values(from parameters: StateDict) -> [Float] {
      let parts = self.parameters.compactMap { parameters.layout[$0] }
      let values = parts.flatMap { parameters.values[$0.range] }
      guard isTransposed, let shape = parts.first?.shape else { return values }
      return values.transposed(rows: shape[0], columns: values.count / shape[0])
    }
  }

  public let entries: [Entry]
  /// How names of tensors begin that are parts of the file, but not of the model.
  public let others: [String]
  /// If not empty, how the names of the model's tensors begin: all others are left aside.
  public let scope: String

  public init(_ entries: [Entry], others: [String] = [], scope: String = "") {
    self.entries = entries
    self.others = others
    self.scope = scope
  }

  /// The names of a layout as they are.
  public init(identityOf layout: ParameterLayout, others: [String] = []) {
    self.init(layout.names.map { Entry(tensor: $0, parameters: [$0]) }, others: others)
  }

  /// Whether a tensor that holds no parameter may be in the file.
  public func leavesAside(_ name: String) -> Bool {
    name.hasSuffix("position_ids") || others.contains { name.hasPrefix($0) }
      || !name.hasPrefix(scope)
  }
}
