internal import Archives
internal import Inputs
internal import Streams

/// MNIST and its kin (LeCun et al., 1998; Fashion-MNIST, Xiao et al., 2017): an IDX file of grey
/// images and one of labels, as they are or compressed by gzip. The classes are numbers.
enum IDXDataset {
  /// The folders below the one that is named, as torchvision makes them.
  private static let folders = ["", "raw/", "MNIST/raw/", "FashionMNIST/raw/", "KMNIST/raw/"]

  static func recognizes(_ path: String) -> Bool {
    if imagesFile(path) { return true }
    let folder = DataFolder(path)
    return folders.contains { below in
      ["train", "t10k"].contains { prefix in
        names(prefix).contains { folder.holds(below + $0) }
      }
    }
  }

  private static func imagesFile(_ path: String) -> Bool {
    guard let name = path.split(separator: "/").last, !DataFolder.isFolder(path) else {
      return false
    }
    return name.contains("images") && name.contains("idx3")
  }

  /// What an images' file may be called.
  private static func names(_ prefix: String) -> [String] {
    ["-images-idx3-ubyte", "-images.idx3-ubyte"].flatMap { [prefix + $0, prefix + $0 + ".gz"] }
  }

  static func load(
    _ path: String, _ split: DatasetSplit, name: String
  ) throws(DatasetError) -> LabeledImages {
    let images = try imagesPath(path, split)
    let labels = try labelsPath(of: images)
    return try load(images: images, labels: labels, name: name)
  }

  private static func imagesPath(
    _ path: String, _ split: DatasetSplit
  ) throws(DatasetError) -> String {
    if imagesFile(path) { return path }
    let folder = DataFolder(path)
    let expected = names(split == .train ? "train" : "t10k")
    // The file as it is goes before the compressed one beside it.
    let found = folders.compactMap { below in
      expected.map { below + $0 }.first(where: folder.holds)
    }
    guard let first = found.first else {
      throw .missing(layout: .idx, below: path, expected: ["\(expected[0]) or \(expected[1])"])
    }
    guard found.count == 1 else { throw .ambiguous(path: path, found: found) }
    return folder(first)
  }

  private static func labelsPath(of images: String) throws(DatasetError) -> String {
    let slash = images.lastIndex(of: "/").map { images.index(after: $0) } ?? images.startIndex
    let name = String(images[slash...]).replacing("images", with: "labels").replacing(
      "idx3", with: "idx1")
    let isCompressed = name.hasSuffix(".gz")
    let other = isCompressed ? String(name.dropLast(3)) : name + ".gz"
    let folder = String(images[..<slash])
    guard let found = [name, other].first(where: { DataFolder.exists(folder + $0) }) else {
      throw .missing(
        layout: .idx, below: folder.isEmpty ? "." : folder, expected: ["\(name) or \(other)"])
    }
    return folder + found
  }

  private static func load(
    images: String, labels: String, name: String
  ) throws(DatasetError) -> LabeledImages {
    let pixels = try IDXFile(images, dimensions: 3)
    let classes = try IDXFile(labels, dimensions: 1)
    let (count, height, width) = (pixels.sizes[0], pixels.sizes[1], pixels.sizes[2])
    guard count == classes.sizes[0] else {
      throw .differentCounts(
        images: images, imageCount: count, labels: labels, labelCount: classes.sizes[0])
    }
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard area > 0, !overflow, area <= Limit.imagePixels.value else {
      throw .malformed(
        path: images, place: "bytes 8 to 15",
        problem:
          "images of \(width) x \(height) pixels; 1 to \(Limit.imagePixels.value) pixels are "
          + "read")
    }
    let numbers = try DatasetError.archive { () throws(ArchiveError) in
      try classes.file.bytes(classes.dataOffset..<classes.file.count)
    }
    // Only the numbers that occur: letters, say, count from 1.
    let present = Set(numbers).sorted()
    var places = [Int](repeating: 0, count: 256)
    for (place, number) in present.enumerated() { places[Int(number)] = place }
    let shape = RasterShape(width: width, height: height, order: .greyRows)
    let set = stem(of: images)
    var list = SampleList(name: name)
    for index in 0..<count {
      let part = FilePart(
        file: pixels.file, offset: pixels.dataOffset + index * area, count: area,
        name: "image \(index)")
      try list.append(
        "\(set)/\(index)", at: .raster(part, shape), classIndex: places[Int(numbers[index])],
        source: images)
    }
    return try list.labeled(present.map { "\($0)" }, path: images, expected: "an image")
  }

  /// `t10k` of `mnist/t10k-images-idx3-ubyte.gz`: the same however it is packed.
  private static func stem(of images: String) -> String {
    let name = images.split(separator: "/").last.map(String.init) ?? images
    let end = name.firstRange(of: "-images")?.lowerBound ?? name.endIndex
    return String(name[..<end])
  }
}
