/// A part of a data set.
public enum DatasetSplit: String, Sendable, Hashable, CaseIterable {
  case train, val, test
  /// SVHN's additional images.
  case extra
}

/// How a data set lies on disk: as its authors, torchvision or the task_vectors repository arrange
/// it. `images` names the folder that holds what stands here, or the one above it.
public enum DatasetLayout: String, Sendable, Hashable, CaseIterable {
  /// `<class>/**/*.png`; with a split, `<split>/<class>/**/*.png`.
  case folder
  /// MNIST and its kin: `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, `train-…` likewise,
  /// as they are or with `.gz`.
  case idx
  /// Tar archives of `KEY.jpg` and `KEY.cls`: one, a folder of them, or a pattern.
  case webdataset
  /// `test_32x32.mat`, `train_32x32.mat`, `extra_32x32.mat`.
  case svhn
  /// `GTSRB/Final_Test/Images` and `GT-final_test.csv`; `GTSRB/Training/<class>`.
  case gtsrb
  /// Stanford Cars: `cars_test`, `cars_test_annos_withlabels.mat`, `devkit/cars_meta.mat`.
  case cars
  /// `images/<class>` and `labels/test1.txt`.
  case dtd
  /// `EuroSAT_splits/test/<class>`, or `2750/<class>` and `test.csv`.
  case eurosat
  /// `NWPU-RESISC45/<class>` and `resisc45-test.txt`.
  case resisc45
  /// `a/abbey/*.jpg` and `Testing_01.txt`; or `test/a_abbey/*.jpg`.
  case sun397

  /// The splits that it has.
  public var splits: [DatasetSplit] {
    switch self {
    case .folder, .webdataset, .dtd, .eurosat, .resisc45: [.train, .val, .test]
    case .idx, .gtsrb, .cars, .sun397: [.train, .test]
    case .svhn: [.train, .test, .extra]
    }
  }

  /// The layout of what lies at `path`, by files that no other layout has; `folder` if there are
  /// none.
  static func detected(at path: String) -> DatasetLayout {
    if WebDataset.recognizes(path) { return .webdataset }
    let folder = DataFolder(path)
    if IDXDataset.recognizes(path) { return .idx }
    if folder.holds("test_32x32.mat") || folder.holds("train_32x32.mat") { return .svhn }
    if folder.holds("GTSRB/Final_Test") || folder.holds("GTSRB/Training") { return .gtsrb }
    if folder.holds("devkit/cars_meta.mat") { return .cars }
    if ["", "dtd/"].contains(where: { folder.holds("\($0)labels/test1.txt") }) { return .dtd }
    if folder.holds("NWPU-RESISC45") { return .resisc45 }
    if folder.holds("ClassName.txt") && folder.holds("Testing_01.txt") { return .sun397 }
    if folder.holds("2750") || folder.holds("EuroSAT_splits") { return .eurosat }
    return .folder
  }
}
