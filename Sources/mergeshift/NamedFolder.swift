import ArgumentParser
import Datasets
import Foundation
import Imaging
import Training

/// `NAME=DIR`: a task and its folder.
struct NamedFolder {
  static let plainCharacters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")

  let name: String
  let path: String

  init(argument: String) throws {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw ValidationError("'\(argument)': NAME=DIR is needed, as in digits=data/digits")
    }
    guard
      parts[0].allSatisfy(Self.plainCharacters.contains), parts[0].first?.isPunctuation == false,
      parts[0].first != "+"
    else {
      throw ValidationError(
        "'\(parts[0])': a name has letters, digits, '.', '_', '-' and '+', "
          + "a letter or digit first")
    }
    name = parts[0]
    path = parts[1]
  }

  /// Whether it holds `train/CLASS/*`; else it is a data set in another layout.
  private var isPlain: Bool { DatasetSource(path).foundLayout == .folder }

  /// The test images, from anywhere.
  func testImages(classes: [String]?) -> DatasetSource {
    let url = URL(filePath: path)
    func text(_ url: URL) -> String { url.standardizedFileURL.path(percentEncoded: false) }
    guard !isPlain else {
      return DatasetSource(text(url.appending(path: "test")), classes: classes)
    }
    let source = DatasetSource(path)
    return DatasetSource(
      text(url), layout: source.foundLayout, split: .test, classes: classes)
  }

  func load(
    classes: [String]?, by preprocessing: Preprocessing, validationFraction: Double, seed: UInt64,
    isMirrorInvariant: Bool, skipped: ((SkippedImages) -> Void)? = nil
  ) throws -> TrainingTask {
    func images(_ split: DatasetSplit) throws -> PooledDataset {
      let source =
        isPlain
        ? DatasetSource("\(path)/\(split == .val ? "validation" : "train")", layout: .folder)
        : DatasetSource(path, split: split)
      return try PooledDataset(
        source.keeping(classes), preprocessing: preprocessing, skipped: skipped)
    }
    let all = try images(.train)
    let hasValidation = isPlain && FileManager.default.fileExists(atPath: "\(path)/validation")
    let (train, validation) =
      hasValidation
      ? (all, try images(.val)) : all.split(validationFraction: validationFraction, seed: seed)
    guard train.classNames == validation.classNames else {
      throw CommandFailure.input("\(path)/validation: its classes are not those of \(path)/train")
    }
    return TrainingTask(
      name: name, train: train, validation: validation,
      augmentation: Augmentation(flipsHorizontally: isMirrorInvariant))
  }
}

extension DatasetSource {
  fileprivate func keeping(_ classes: [String]?) -> DatasetSource {
    var source = self
    source.classes = classes
    return source
  }
}
