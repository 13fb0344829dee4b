internal import TensorCore

/// The true classes of the samples of a data set. Kept apart from the images: streams and
/// everything made from them can't reach it; whoever evaluates joins it by sample id.
public struct Labels: Sendable, Equatable {
  public let classNames: [String]
  private let index: SampleIndex
  /// For each of the index's samples.
  private let classIndices: PagedArray<UInt32>

  /// - Parameter classIndices: the place of each sample's class in `classNames`.
  public init(classNames: [String], classIndices: [SampleID: Int]) {
    var index = SampleIndex()
    var places = PagedArray<UInt32>()
    for (id, place) in classIndices where index.append(id) { places.append(UInt32(place)) }
    self.init(classNames: classNames, index: index, classIndices: places)
  }

  init(classNames: [String], index: SampleIndex, classIndices: PagedArray<UInt32>) {
    precondition(index.ids.count == classIndices.count, "a class for each sample")
    precondition(
      classIndices.allSatisfy { Int($0) < classNames.count }, "a label is one of the classes")
    self.classNames = classNames
    self.index = index
    self.classIndices = classIndices
  }

  public var count: Int { classIndices.count }

  /// The place of the sample's class in `classNames`; nil for a sample of another data set.
  public subscript(sample: SampleID) -> Int? { index[sample].map { Int(classIndices[$0]) } }

  public static func == (left: Labels, right: Labels) -> Bool {
    left.classNames == right.classNames && left.count == right.count
      && left.index.ids.allSatisfy { left[$0] == right[$0] }
  }

  /// The same labels with names for classes that are known by number: class 3 is `names[3]`.
  ///
  /// - Parameter source: what the labels were read from, for the error's text.
  public func named(_ names: [String], source: String) throws(StreamError) -> Labels {
    var places: [Int] = []
    for name in classNames {
      guard let number = Int(name), names.indices.contains(number) else {
        throw .unnamedClass(name: name, of: source, count: names.count)
      }
      places.append(number)
    }
    return with(names, places)
  }

  /// The same labels as places in `classes`, a head's outputs, matched by name.
  ///
  /// - Parameter source: what the labels were read from, for the error's text.
  public func indexed(
    by classes: [String], source: String
  ) throws(StreamError) -> Labels {
    let known = Dictionary(
      classes.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    var places: [Int] = []
    for name in classNames {
      guard let place = known[name] else {
        throw .unknownClass(name: name, of: source, known: classes)
      }
      places.append(place)
    }
    return with(classes, places)
  }

  /// The same labels with other names for the classes, in their order.
  package func renamed(_ names: [String]) -> Labels { with(names, Array(classNames.indices)) }

  /// - Parameter places: those of the classes among `classNames`.
  private func with(_ classNames: [String], _ places: [Int]) -> Labels {
    Labels(
      classNames: classNames, index: index,
      classIndices: PagedArray(classIndices.lazy.map { UInt32(places[Int($0)]) }))
  }
}
