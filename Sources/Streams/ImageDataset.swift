/// What a test image is called: its path below its data set, with the data set's name before it,
/// as `digits/7/0012.png`. It keys random draws and joins labels, so it does not depend on where
/// the data set lies.
///
/// A path may name a class folder. What follows from a sample towards an optimizer is pixels alone.
public struct SampleID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) {
    self.text = text
  }

  public var description: String { text }

  public static func < (left: Self, right: Self) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

/// One image, not decoded.
public struct Sample: Hashable, Sendable {
  public let id: SampleID
  public let location: ImageLocation

  public init(id: SampleID, location: ImageLocation) {
    self.id = id
    self.location = location
  }

  /// A file of its own.
  public init(id: SampleID, path: String) {
    self.init(id: id, location: .file(path))
  }

  /// The file that holds the image.
  public var path: String { location.path }
}

/// The images of one task, in a fixed order, without labels: what a stream is made from.
public struct ImageDataset: Sendable, Equatable {
  public let name: String
  /// At least one, each id once.
  public let samples: SampleTable

  public init(name: String, samples: some Sequence<Sample>) {
    let table = samples as? SampleTable ?? SampleTable(samples)
    var index = SampleIndex()
    precondition(table.ids.allSatisfy { index.append($0) }, "a sample stands once")
    self.init(name: name, distinct: table)
  }

  /// - Parameter samples: of different ids.
  init(name: String, distinct samples: SampleTable) {
    precondition(!samples.isEmpty, "a data set holds an image")
    self.name = name
    self.samples = samples
  }

  public var count: Int { samples.count }
}
