internal import Streams

/// One folder of images per class, with the splits as folders above them or not.
enum PlainFolders {
  /// What folders of splits are called.
  static let splitNames: Set<String> = ["train", "val", "validation", "test"]

  static func load(
    _ path: String, _ split: DatasetSplit?, name: String
  ) throws(DatasetError) -> LabeledImages {
    let folder = DataFolder(path)
    if let split {
      let below = folder(split.rawValue)
      // What `train` reads and writes calls it by its long name.
      let isLong = split == .val && !DataFolder.exists(below) && folder.holds("validation")
      return try DatasetError.stream { () throws(StreamError) in
        try ImageFolder.load(isLong ? folder("validation") : below, name: name)
      }
    }
    let names = folder.names.filter(folder.isFolder)
    guard names.isEmpty || !Set(names).isSubset(of: splitNames) else {
      throw .splitNeeded(path: path, splits: names)
    }
    return try DatasetError.stream { () throws(StreamError) in
      try ImageFolder.load(folder.path, name: name)
    }
  }
}
