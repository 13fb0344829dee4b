internal import Streams

/// The German Traffic Sign Recognition Benchmark (Stallkamp et al., 2012) as its archives unpack:
/// `GTSRB/Training/00000/*.ppm` and so on, `GTSRB/Final_Test/Images/*.ppm` with `GT-final_test.csv`.
/// The classes are `00000` to `00042`.
enum GTSRB {
  private static let classCount = 43
  private static let list = "GT-final_test.csv"

  static func load(
    _ folder: DataFolder, _ split: DatasetSplit, name: String
  ) throws(DatasetError) -> LabeledImages {
    guard split == .test else {
      let base = try folder.base(.gtsrb, in: ["gtsrb"], holding: ["GTSRB/Training"])
      return try DatasetError.stream { () throws(StreamError) in
        try ImageFolder.load(base("GTSRB/Training"), name: name)
      }
    }
    let base = try folder.base(
      .gtsrb, in: ["gtsrb"], holding: ["GTSRB/Final_Test/Images", list])
    let path = base(list)
    let text = try base.text(list)
    let records = try DatasetError.stream { () throws(StreamError) in
      try CSVReader.records(of: text, path: path, separator: ";")
    }
    guard let header = records.first?.fields, let file = header.firstIndex(of: "Filename"),
      let classColumn = header.firstIndex(of: "ClassId")
    else {
      throw .malformed(
        path: path, place: "line 1",
        problem: "has no columns 'Filename' and 'ClassId', apart by semicolons; \(list) of "
          + "GTSRB_Final_Test_GT.zip has them")
    }
    let images = DataFolder(base("GTSRB/Final_Test/Images"))
    var list = SampleList(name: name)
    for record in records.dropFirst() {
      guard record.fields.count == header.count, let number = Int(record.fields[classColumn]),
        (0..<classCount).contains(number)
      else {
        throw .malformed(
          path: path, place: "line \(record.line)",
          problem: "does not have \(header.count) fields with a class of 0 to \(classCount - 1)")
      }
      guard !record.fields[file].contains("/") else {
        throw .malformed(
          path: path, place: "line \(record.line)",
          problem: "'\(record.fields[file])' is no name of a file in \(images.path)")
      }
      try list.append(
        file: record.fields[file], in: images, classIndex: number, list: path, line: record.line)
    }
    return try list.labeled(
      (0..<classCount).map(className), path: path, expected: "lines of file names and classes")
  }

  private static func className(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 5 - digits.count) + digits
  }
}
