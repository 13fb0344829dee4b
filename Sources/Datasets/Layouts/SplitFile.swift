internal import Streams

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
    for row in rows {
      try list.append(
        file: row.file, in: images, classIndex: places[row.className], list: path, line: row.line)
    }
    return try list.labeled(places.names, path: path, expected: "one path of an image a line")
  }
}
