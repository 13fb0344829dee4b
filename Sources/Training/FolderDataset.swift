public import Datasets
public import Imaging
public import Streams
internal import TensorCore

extension PooledDataset {
  /// Labelled image files, decoded and brought to the model's size on all cores.
  ///
  /// - Throws: `TrainingError.image`, naming the file.
  public init(
    _ files: LabeledImages, preprocessing: Preprocessing
  ) throws(TrainingError) {
    let samples = try Parallel.map(files.images.count) { index throws(TrainingError) in
      let file = files.images.samples[index]
      do {
        let image = try file.image()
        return TrainingSample(
          image: preprocessing.pixels(image), label: files.labels[file.id]!)
      } catch {
        throw .image(path: file.location.description, reason: "\(error)")
      }
    }
    self.init(classNames: files.labels.classNames, samples: samples)
  }

  /// A data set as it lies on disk.
  ///
  /// - Parameter skipped: told which images were left out because they can't be read; nil: they are
  ///   an error.
  /// - Throws: `TrainingError.dataset` for one that can't be used or has a class without images,
  ///   `.image` for an image that can't be decoded.
  public init(
    _ source: DatasetSource, preprocessing: Preprocessing,
    skipped: ((SkippedImages) -> Void)? = nil
  ) throws(TrainingError) {
    let isFolder = source.foundLayout == .folder
    func failure(_ reason: String) -> TrainingError {
      isFolder
        ? .folder(path: source.path, reason: reason) : .dataset(path: source.path, reason: reason)
    }
    var files: LabeledImages
    do {
      files = try source.load(name: source.path)
      if let skipped {
        let readable = try files.readable()
        files = readable.images
        if let images = readable.skipped { skipped(images) }
      }
    } catch {
      throw failure("\(error)")
    }
    guard files.labels.classNames.count >= 2 else {
      throw failure("one class alone, nothing to tell apart")
    }
    try self.init(files, preprocessing: preprocessing)
    for (label, name) in classNames.enumerated() where !contains(label: label) {
      throw failure("no images in the class '\(name)'")
    }
  }

  /// The images of `folder/<class>/*`, classes and files in the order of their names.
  ///
  /// - Throws: `TrainingError.folder` for a folder without two classes of images, `.image` for a
  ///   file that can't be decoded.
  public init(folder: String, preprocessing: Preprocessing) throws(TrainingError) {
    try self.init(DatasetSource(folder, layout: .folder), preprocessing: preprocessing)
  }
}
