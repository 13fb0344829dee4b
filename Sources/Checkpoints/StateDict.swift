public import TensorCore

/// The values of a model's parameters (or of their gradients, or of a task vector) in one flat
/// vector, so that merging is linear algebra on vectors.
public struct StateDict: Sendable, Equatable {
  public let layout: ParameterLayout
  /// `layout.count` values: all tensors one after another, in the order of the layout.
  @inlinable public var values: [Float] {
    get { storage }
    // In place: an observed property would be copied as a whole for every change.
    _modify {
      defer { precondition(storage.count == layout.count, "a state dict keeps its layout") }
      yield &storage
    }
  }

  @usableFromInline var storage: [Float]

  public init(layout: ParameterLayout, values: [Float]) {
    precondition(
      values.count == layout.count, "\(values.count) values for a layout of \(layout.count)")
    self.layout = layout
    storage = values
  }

  public init(zeros layout: ParameterLayout) {
    self.init(layout: layout, values: [Float](repeating: 0, count: layout.count))
  }

  /// A copy of the tensor named `name`, which the layout must have.
  public subscript(name: String) -> Tensor {
    get {
      let entry = existingEntry(name)
      return Tensor(shape: entry.shape, values: Array(values[entry.range]))
    }
    set {
      let entry = existingEntry(name)
      precondition(
        newValue.shape == entry.shape, "\(name) is \(entry.shape), not \(newValue.shape)")
      values.replaceSubrange(entry.range, with: newValue.values)
    }
  }

  private func existingEntry(_ name: String) -> ParameterLayout.Entry {
    guard let entry = layout[name] else { preconditionFailure("no parameter named \(name)") }
    return entry
  }
}
