internal import Inputs
internal import TensorCore

/// A data set as it lies on disk: images, and their labels apart.
public struct LabeledImages: Sendable, Equatable {
  public let images: ImageDataset
  public let labels: Labels

  public init(images: ImageDataset, labels: Labels) {
    precondition(
      images.count == labels.count && images.samples.ids.allSatisfy { labels[$0] != nil },
      "one label for each image")
    self.images = images
    self.labels = labels
  }

  fileprivate init(trusted images: ImageDataset, _ labels: Labels) {
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
    var builder = Builder(name: images.name)
    for sample in images.samples {
      guard let place = labels[sample.id].flatMap({ places[labels.classNames[$0]] }) else {
        continue
      }
      _ = builder.append(sample, classIndex: place)
    }
    guard builder.count > 0 else { throw .noImagesOfClasses(classes, of: images.name) }
    return builder.labeled(classes)
  }

  /// Collects samples one by one, packed from the start.
  package struct Builder {
    /// Of the data set.
    package let name: String
    private var index = SampleIndex()
    private var locations = PackedLocations()
    private var classIndices = PagedArray<UInt32>()

    package init(name: String) {
      self.name = name
    }

    package var count: Int { index.ids.count }

    /// - Returns: whether the sample's id is new; otherwise the sample is left out.
    package mutating func append(_ sample: Sample, classIndex: Int) -> Bool {
      guard index.append(sample.id) else { return false }
      locations.append(sample.location)
      classIndices.append(UInt32(classIndex))
      return true
    }

    /// The data set of what was appended, at least one sample.
    ///
    /// - Parameters:
    ///   - classNames: in the order of the class indices.
    ///   - places: where the class indices that were appended stand among `classNames`; nil: where they
    ///     say.
    package func labeled(_ classNames: [String], places: [Int]? = nil) -> LabeledImages {
      let samples = SampleTable(ids: index.ids, locations: locations)
      let classes = places.map { places in
        PagedArray(classIndices.lazy.map { UInt32(places[Int($0)]) })
      }
      return LabeledImages(
        trusted: ImageDataset(name: name, distinct: samples),
        Labels(classNames: classNames, index: index, classIndices: classes ?? classIndices))
    }
  }
}
