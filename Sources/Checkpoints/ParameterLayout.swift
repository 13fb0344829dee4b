public import TensorCore

/// Which parameters a model has and where each lies in a flat vector of all of them, one after
/// another in this order. A layer of layer-wise merging is one entry.
public struct ParameterLayout: Sendable, Hashable {
  /// One named parameter tensor.
  public struct Entry: Sendable, Hashable {
    /// The Hugging Face name, as `visual_projection.weight`.
    public let name: String
    public let shape: Shape
    /// The index of its first element in the flat vector.
    public let offset: Int

    /// The indices of its elements in the flat vector.
    public var range: Range<Int> { offset..<offset + shape.count }
  }

  public let entries: [Entry]
  /// The number of elements of all parameters together.
  public let count: Int
  private let positions: [String: Int]

  /// - Parameter parameters: names, all different, and shapes, in the order of the flat vector.
  public init(_ parameters: [(name: String, shape: Shape)]) {
    var entries: [Entry] = []
    entries.reserveCapacity(parameters.count)
    var positions: [String: Int] = [:]
    var offset = 0
    for (position, parameter) in parameters.enumerated() {
      entries.append(Entry(name: parameter.name, shape: parameter.shape, offset: offset))
      let earlier = positions.updateValue(position, forKey: parameter.name)
      precondition(earlier == nil, "two parameters named \(parameter.name)")
      offset += parameter.shape.count
    }
    self.entries = entries
    self.positions = positions
    count = offset
  }

  public var names: [String] { entries.map(\.name) }

  /// The entry named `name`; nil if there is none.
  public subscript(name: String) -> Entry? { position(of: name).map { entries[$0] } }

  /// The position among `entries` of the parameter named `name`.
  public func position(of name: String) -> Int? { positions[name] }

  public static func == (left: Self, right: Self) -> Bool { left.entries == right.entries }

  public func hash(into hasher: inout Hasher) { hasher.combine(entries) }
}
