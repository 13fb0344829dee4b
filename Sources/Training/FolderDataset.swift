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
        let image = try ImageDecoder.decode(contentsOf: file.path)
        return TrainingSample(
          image: preprocessing.pixels(image), label: files.labels[file.id]!)
      } catch {
        throw .image(path: file.path, reason: "\(error)")
      }
    }
    self.init(classNames: files.labels.classNames, samples: samples)
  }

  /// The images of `folder/<class>/*`, classes and files in the order of their names.
  ///
  /// - Throws: `TrainingError.folder` for a folder without two classes of images, `.image` for a
  ///   file that can't be decoded.
  public init(folder: String, preprocessing: Preprocessing) throws(TrainingError) {
    let files: LabeledImages
    do {
      files = try ImageFolder.load(folder, name: folder)
    } catch {
      throw .folder(path: folder, reason: "\(error)")
    }
    guard files.labels.classNames.count >= 2 else {
      throw .folder(path: folder, reason: "one class alone, nothing to tell apart")
    }
    try self.init(files, preprocessing: preprocessing)
    for (label, name) in classNames.enumerated() where !contains(label: label) {
      throw .folder(path: folder, reason: "no images in the class '\(name)'")
    }
  }
}
