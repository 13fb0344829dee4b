internal import Streams

/// NWPU-RESISC45 (Cheng et al., 2017): `NWPU-RESISC45/<class>/<class>_001.jpg` and the split's list
/// of file names, `resisc45-test.txt` (Neumann et al., 2019), as torchgeo and task_vectors arrange
/// it. Folders by split, `resisc45/test/<class>`, are read too.
enum RESISC45 {
  static func load(
    _ folder: DataFolder, _ split: DatasetSplit, name: String
  ) throws(DatasetError) -> LabeledImages {
    for base in [folder, DataFolder(folder("resisc45"))] where base.isFolder(split.rawValue) {
      return try DatasetError.stream { () throws(StreamError) in
        try ImageFolder.load(base(split.rawValue), name: name)
      }
    }
    let list = "resisc45-\(split.rawValue).txt"
    let base = try folder.base(.resisc45, in: ["resisc45"], holding: ["NWPU-RESISC45", list])
    // A list in which a name has no class before its number is not this data set's.
    return try SplitFile(base, list, images: DataFolder(base("NWPU-RESISC45"))).load(name: name) {
      guard let line = $0.lastIndex(of: "_"), !$0.contains("/") else { return nil }
      return ("\($0[..<line])/\($0)", String($0[..<line]))
    }
  }
}
