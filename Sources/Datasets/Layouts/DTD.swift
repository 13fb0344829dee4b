internal import Streams

/// The Describable Textures Dataset (Cimpoi et al., 2014): `images/<class>/*.jpg` and
/// `labels/test1.txt`, the first of its ten partitions, as the published merging studies take it.
/// Folders by split, `dtd/test/<class>`, as task_vectors arranges them, are read too; its own code
/// takes `val` for the test.
enum DTD {
  static func load(
    _ folder: DataFolder, _ split: DatasetSplit, name: String
  ) throws(DatasetError) -> LabeledImages {
    for base in [folder, DataFolder(folder("dtd"))] where base.isFolder(split.rawValue) {
      return try DatasetError.stream { () throws(StreamError) in
        try ImageFolder.load(base(split.rawValue), name: name)
      }
    }
    let listName = "labels/\(split.rawValue)1.txt"
    let base = try folder.base(.dtd, in: ["dtd", "dtd/dtd"], holding: ["images", listName])
    return try SplitFile(base, listName, images: DataFolder(base("images"))).load(name: name) {
      let parts = $0.split(separator: "/", omittingEmptySubsequences: false)
      return parts.count == 2 ? ($0, String(parts[0])) : nil
    }
  }
}
