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

/// A text file that lists the images of a split, one a line.
struct SplitFile {
  private let path: String
  private let images: DataFolder
  private let lines: [(number: Int, text: String)]

  init(_ base: DataFolder, _ list: String, images: DataFolder) throws(DatasetError) {
    path = base(list)
    self.images = images
    lines = try base.lines(list)
  }

  /// - Parameter parse: a line's image, below the folder of images, and its class; nil for a line
  ///   that is none.
  func load(
    name: String, parse: (String) -> (file: String, className: String)?
  ) throws(DatasetError) -> LabeledImages {
    var rows: [(file: String, className: String, line: Int)] = []
    for line in lines {
      guard let row = parse(line.text), !row.className.isEmpty,
        !row.file.split(separator: "/").contains("..")
      else {
        throw .malformed(
          path: path, place: "line \(line.number)",
          problem: "'\(line.text)' is no path of an image below its class")
      }
      rows.append((row.file, row.className, line.number))
    }
    let places = ClassPlaces(rows.map(\.className))
    var list = SampleList(name: name)
    list.reserve(rows.count)
    for row in rows {
      try list.append(
        file: row.file, in: images, classIndex: places[row.className], list: path, line: row.line)
    }
    return try list.labeled(places.names, path: path, expected: "one path of an image a line")
  }
}
