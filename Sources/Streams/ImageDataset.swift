internal import Inputs

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
  public let samples: [Sample]

  public init(name: String, samples: [Sample]) {
    precondition(!samples.isEmpty, "a data set holds an image")
    precondition(Set(samples.map(\.id)).count == samples.count, "a sample stands once")
    self.name = name
    self.samples = samples
  }

  public var count: Int { samples.count }
}

/// The true classes of the samples of a data set. Kept apart from the images: streams and
/// everything made from them can't reach it; whoever evaluates joins it by sample id.
public struct Labels: Sendable, Equatable {
  public let classNames: [String]
  private let classIndices: [SampleID: Int]

  /// - Parameter classIndices: the place of each sample's class in `classNames`.
  public init(classNames: [String], classIndices: [SampleID: Int]) {
    precondition(
      classIndices.values.allSatisfy(classNames.indices.contains), "a label is one of the classes")
    self.classNames = classNames
    self.classIndices = classIndices
  }

  public var count: Int { classIndices.count }

  /// The place of the sample's class in `classNames`; nil for a sample of another data set.
  public subscript(sample: SampleID) -> Int? { classIndices[sample] }

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
    return Labels(classNames: names, classIndices: classIndices.mapValues { places[$0] })
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
    return Labels(classNames: classes, classIndices: classIndices.mapValues { places[$0] })
  }
}

/// A data set as it lies on disk: images, and their labels apart.
public struct LabeledImages: Sendable, Equatable {
  public let images: ImageDataset
  public let labels: Labels

  public init(images: ImageDataset, labels: Labels) {
    precondition(
      images.count == labels.count && images.samples.allSatisfy { labels[$0.id] != nil },
      "one label for each image")
    self.images = images
    self.labels = labels
  }

  /// Refuses more classes than are read.
  ///
  /// - Parameter source: what lists them, for the error's text.
  package func checkClasses(source: String) throws(StreamError) {
    let (count, limit) = (labels.classNames.count, Limit.classes.value)
    guard count <= limit else {
      throw .tooManyClasses(source, count: count, limit: limit)
    }
  }

  /// The images of some classes alone, in the order that they had.
  ///
  /// - Parameter classes: names among the labels' classes; the classes that are left, in this order.
  public func keeping(_ classes: [String]) throws(StreamError) -> LabeledImages {
    for name in classes where !labels.classNames.contains(name) {
      throw .unknownKeptClass(name: name, of: images.name, known: labels.classNames)
    }
    let places = Dictionary(
      classes.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    var kept: [Sample] = []
    var classIndices: [SampleID: Int] = [:]
    for sample in images.samples {
      guard let place = labels[sample.id].flatMap({ places[labels.classNames[$0]] }) else {
        continue
      }
      kept.append(sample)
      classIndices[sample.id] = place
    }
    guard !kept.isEmpty else { throw .noImagesOfClasses(classes, of: images.name) }
    return LabeledImages(
      images: ImageDataset(name: images.name, samples: kept),
      labels: Labels(classNames: classes, classIndices: classIndices))
  }
}
