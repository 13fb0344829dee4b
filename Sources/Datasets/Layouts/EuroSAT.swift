internal import Streams

/// EuroSAT, RGB (Helber et al., 2019): `EuroSAT_splits/test/<class>/*.jpg`, as task_vectors arranges
/// it, or the archive's own `2750/<class>` with a list of the split beside it, `test.csv`,
/// `train.csv` or `validation.csv`, whose column `Filename` has paths like `Forest/Forest_12.jpg`.
enum EuroSAT {
  static func load(
    _ folder: DataFolder, _ split: DatasetSplit, name: String
  ) throws(DatasetError) -> LabeledImages {
    for base in [folder, DataFolder(folder("EuroSAT_splits"))] where base.isFolder(split.rawValue) {
      return try DatasetError.stream { () throws(StreamError) in
        try ImageFolder.load(base(split.rawValue), name: name)
      }
    }
    let list = split == .val ? "validation.csv" : "\(split.rawValue).csv"
    if !folder.holds("2750"), !folder.holds("eurosat/2750"), !folder.holds(list) {
      throw .missing(
        layout: .eurosat, below: folder.path,
        expected: ["EuroSAT_splits/\(split.rawValue)", "2750"])
    }
    let base = try folder.base(.eurosat, in: ["eurosat", "2750", "eurosat/2750"], holding: [list])
    let images = base.holds("2750") ? DataFolder(base("2750")) : base
    let path = base(list)
    let text = try base.text(list)
    let records = try DatasetError.stream { () throws(StreamError) in
      try CSVReader.records(of: text, path: path)
    }
    guard let header = records.first?.fields, let column = header.firstIndex(of: "Filename") else {
      throw .malformed(path: path, place: "line 1", problem: "has no column 'Filename'")
    }
    var rows: [(file: String, line: Int)] = []
    for record in records.dropFirst() {
      guard record.fields.count == header.count,
        record.fields[column].split(separator: "/").count == 2
      else {
        throw .malformed(
          path: path, place: "line \(record.line)",
          problem: "has no path like Forest/Forest_12.jpg in the column 'Filename'")
      }
      rows.append((record.fields[column], record.line))
    }
    func className(_ file: String) -> String { String(file.prefix { $0 != "/" }) }
    let places = ClassPlaces(rows.map { className($0.file) })
    var samples = SampleList(name: name)
    for row in rows {
      try samples.append(
        file: row.file, in: images, classIndex: places[className(row.file)], list: path,
        line: row.line)
    }
    return try samples.labeled(places.names, path: path, expected: "lines of paths")
  }
}
