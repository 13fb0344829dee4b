internal import TensorCore

/// Which images of a test set a stream takes.
public struct SelectionPlan: Hashable, Sendable {
  /// Two random halves that have no image in common, so that one can be adapted to and the other
  /// evaluated.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    case all
    case firstHalf = "first-half"
    case secondHalf = "second-half"
  }

  public var part: Part
  /// The share of the images that is taken, above 0 and up to 1; at least one image.
  public var amount: Double
  /// The share of the classes whose images are taken, above 0 and up to 1; at least one class.
  public var classShare: Double

  public init(part: Part = .all, amount: Double = 1, classShare: Double = 1) {
    precondition(amount > 0 && amount <= 1 && classShare > 0 && classShare <= 1, "shares")
    self.part = part
    self.amount = amount
    self.classShare = classShare
  }

  /// Every image.
  public static let all = SelectionPlan()

  /// As results write it after a stream's shift; empty for every image.
  public var texts: [String] {
    (part == .all ? [] : [part.rawValue]) + (classShare == 1 ? [] : ["classes=\(classShare)"])
      + (amount == 1 ? [] : ["amount=\(amount)"])
  }
}

/// Places of images in their data set, four bytes each, those of many images in a file.
public struct SampleIndices: RandomAccessCollection, Hashable, Sendable {
  private var places = PagedArray<UInt32>()

  public init(_ indices: some Sequence<Int>) {
    for index in indices { places.append(UInt32(index)) }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { places.count }
  public subscript(index: Int) -> Int { Int(places[index]) }

  /// Those at `range`.
  public func elements(_ range: Range<Int>) -> [Int] { places.elements(range).map(Int.init) }

  public func makeIterator() -> some IteratorProtocol<Int> {
    places.lazy.map { Int($0) }.makeIterator()
  }
}

/// The images that a stream takes of one data set: places among its samples, and nothing else. Labels
/// are looked at to make it and left behind.
public struct SampleSelection: Hashable, Sendable {
  /// At least one; in the order of the stream, if that is fixed, otherwise ascending.
  public let indices: SampleIndices
  /// Whether the stream keeps the order in every pass; otherwise it shuffles each pass anew.
  public let isOrdered: Bool

  /// All images, to be shuffled.
  public init(allOf images: ImageDataset) {
    indices = SampleIndices(images.samples.indices)
    isOrdered = false
  }

  /// Draws which images are taken and puts them in order; keyed by seed and task.
  ///
  /// - Parameters:
  ///   - labels: has every image.
  ///   - seed: the run's seed.
  /// - Throws: `emptySelection` if no image of the drawn classes is in the part.
  public init(
    of images: ImageDataset, labels: Labels, plan: SelectionPlan = .all,
    order: LabelOrder = .shuffled, seed: UInt64
  ) throws(StreamError) {
    func random(_ purpose: String) -> KeyedRandom {
      KeyedRandom(seed: seed, "selection", images.name, purpose)
    }
    func classOf(_ index: Int) -> Int { labels[images.samples[index].id]! }

    var pool = SampleIndices(images.samples.indices)
    if plan.part != .all {
      var halves = random("halves")
      let shuffled = halves.permutation(images.count, of: UInt32.self)
      let middle = (images.count + 1) / 2
      let half = plan.part == .firstHalf ? shuffled[..<middle] : shuffled[middle...]
      pool = SampleIndices(half.sorted().lazy.map { Int($0) })
    }
    if plan.classShare < 1 {
      let present = Set(images.samples.indices.lazy.map(classOf)).sorted()
      let count = max(1, Int((plan.classShare * Double(present.count)).rounded()))
      var classes = random("classes")
      let kept = Set(classes.permutation(present.count).prefix(count).map { present[$0] })
      pool = SampleIndices(pool.lazy.filter { kept.contains(classOf($0)) })
    }
    guard !pool.isEmpty else {
      throw .emptySelection(plan.texts.joined(separator: "/"), of: images.name)
    }
    if plan.amount < 1 {
      let count = max(1, Int((plan.amount * Double(pool.count)).rounded()))
      var amount = random("amount")
      let drawn = amount.permutation(pool.count, of: UInt32.self).prefix(count)
      // Those of a pool, which is in order, are in order if their places are.
      pool = SampleIndices(drawn.sorted().lazy.map { pool[Int($0)] })
    }
    var orderRandom = random("order")
    let arranged = order.arranged(pool, classOf: classOf, random: &orderRandom)
    indices = arranged ?? pool
    isOrdered = arranged != nil
  }

  public var count: Int { indices.count }
}
