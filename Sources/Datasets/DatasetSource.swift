internal import Foundation
public import Streams

/// A data set as a suite names it: where it lies, how, and what of it is taken.
public struct DatasetSource: Sendable, Hashable {
  /// What classes that are known by number are called.
  public enum ClassNames: Sendable, Hashable {
    /// In the order of the numbers, from 0.
    case list([String])
    /// The numbers are the places of the head's classes.
    case head
  }

  /// A folder, a file, or a pattern of archives.
  public let path: String
  /// Nil: told from the files at the path.
  public var layout: DatasetLayout?
  /// Nil: `test`; of plain folders and archives, the path itself.
  public var split: DatasetSplit?
  public var classNames: ClassNames?
  /// The classes that are kept; nil: all. Names that are given by `classNames` count.
  public var classes: [String]?

  public init(
    _ path: String, layout: DatasetLayout? = nil, split: DatasetSplit? = nil,
    classNames: ClassNames? = nil, classes: [String]? = nil
  ) {
    self.path = path
    self.layout = layout
    self.split = split
    self.classNames = classNames
    self.classes = classes
  }

  /// How the data set lies on disk: as told, or as detected.
  public var foundLayout: DatasetLayout { layout ?? DatasetLayout.detected(at: path) }

  /// The images and, apart, their labels.
  ///
  /// - Parameters:
  ///   - name: the task's name, the first part of the sample ids.
  ///   - head: the head's classes, for `ClassNames.head`; nil: the numbers are left as they are.
  public func load(
    name: String, head: [String]? = nil
  ) throws(DatasetError) -> LabeledImages {
    var loaded = try loadAll(name: name)
    let path = path
    let all = loaded
    try DatasetError.stream { () throws(StreamError) in try all.checkClasses(source: path) }
    let names: [String]? =
      switch classNames {
      case .list(let names): names
      case .head: head
      case nil: nil
      }
    if let names {
      let (images, labels) = (loaded.images, loaded.labels)
      loaded = try DatasetError.stream { () throws(StreamError) in
        LabeledImages(images: images, labels: try labels.named(names, source: path))
      }
    }
    guard let classes else { return loaded }
    let named = loaded
    return try DatasetError.stream { () throws(StreamError) in try named.keeping(classes) }
  }

  private func loadAll(name: String) throws(DatasetError) -> LabeledImages {
    let layout = foundLayout
    if let split, !layout.splits.contains(split) {
      throw .noSplit(layout: layout, split: split, known: layout.splits)
    }
    let folder = DataFolder(path)
    return switch layout {
    case .folder: try PlainFolders.load(path, split, name: name)
    case .idx: try IDXDataset.load(path, split ?? .test, name: name)
    case .webdataset: try WebDataset.load(path, split, name: name)
    case .svhn: try SVHN.load(folder, split ?? .test, name: name)
    case .gtsrb: try GTSRB.load(folder, split ?? .test, name: name)
    case .cars: try StanfordCars.load(folder, split ?? .test, name: name)
    case .dtd: try DTD.load(folder, split ?? .test, name: name)
    case .eurosat: try EuroSAT.load(folder, split ?? .test, name: name)
    case .resisc45: try RESISC45.load(folder, split ?? .test, name: name)
    case .sun397: try SUN397.load(folder, split ?? .test, name: name)
    }
  }
}
