internal import Archives
internal import Streams

/// Street View House Numbers, cropped digits (Netzer et al., 2011): `test_32x32.mat` with `X`,
/// [height, width, 3, count] bytes, and `y`, the digits, of which 0 is written as 10.
enum SVHN {
  static func load(
    _ folder: DataFolder, _ split: DatasetSplit, name: String
  ) throws(DatasetError) -> LabeledImages {
    let fileName = "\(split.rawValue)_32x32.mat"
    let path = try folder.base(.svhn, in: ["svhn"], holding: [fileName])(fileName)
    let file = try MATFile(path)
    let images = try file.variable("X")
    let shape = images.dimensions
    guard shape.count == 4, shape[2] == 3, (1...4096).contains(shape[0]),
      (1...4096).contains(shape[1])
    else {
      throw .malformed(
        path: path, place: "variable 'X'",
        problem: "has the shape \(shape); [height, width, 3, count] is expected")
    }
    let pixels = try images.byteRange()
    let digits = try digits(file)
    guard digits.count == shape[3] else {
      throw .differentCounts(
        images: "\(path), variable 'X',", imageCount: shape[3], labels: "variable 'y'",
        labelCount: digits.count)
    }
    let raster = RasterShape(width: shape[1], height: shape[0], order: .planesOfColumns)
    var list = SampleList(name: name)
    for (index, digit) in digits.enumerated() {
      let part = FilePart(
        file: pixels.file, offset: pixels.range.lowerBound + index * raster.count,
        count: raster.count, name: "image \(index)")
      try list.append(
        "\(split.rawValue)/\(index)", at: .raster(part, raster), classIndex: digit, source: path)
    }
    return try list.labeled((0..<10).map { "\($0)" }, path: path, expected: "images in 'X'")
  }

  private static func digits(_ file: MATFile) throws(DatasetError) -> [Int] {
    guard case .numbers(let labels) = try file.variable("y").value() else {
      throw .malformed(path: file.path, place: "variable 'y'", problem: "holds no numbers")
    }
    var digits: [Int] = []
    digits.reserveCapacity(labels.count)
    for (index, label) in labels.enumerated() {
      guard let digit = Int(exactly: label), (0...10).contains(digit) else {
        throw .malformed(
          path: file.path, place: "variable 'y', label \(index)",
          problem: "is \(label); 1 to 9 and 10 for the digit 0 are expected")
      }
      digits.append(digit % 10)
    }
    return digits
  }
}
