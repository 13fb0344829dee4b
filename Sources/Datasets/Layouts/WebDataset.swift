internal import Archives
internal import Streams

/// Tar archives of images as the webdataset library reads them: members `KEY.jpg` (png, ppm, …) with
/// their class in `KEY.cls`, or as `label` or `cls` in `KEY.json`. A class is a number or a name.
///
/// Archives stay packed: a pass over each notes where its images lie.
enum WebDataset {
  static func recognizes(_ path: String) -> Bool {
    if ShardPattern.isPattern(path) { return path.contains(".tar") }
    if !DataFolder.isFolder(path) { return hasArchiveName(path) }
    let names = DataFolder(path).names
    return names.contains(where: hasArchiveName)
      && !names.contains { DataFolder(path).isFolder($0) }
  }

  /// Compressed archives too, which are refused with what to do.
  private static func hasArchiveName(_ name: String) -> Bool {
    [".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".tar.bz2"].contains(where: name.hasSuffix)
  }

  /// - Parameter split: a folder below `path`, if given.
  static func load(
    _ path: String, _ split: DatasetSplit?, name: String
  ) throws(DatasetError) -> LabeledImages {
    var list = SampleList(name: name)
    // Classes as they are written, in the order in which they come.
    var found: [String: Int] = [:]
    for shard in try shards(path, split) {
      var reader = try ShardIndex(shard)
      for sample in try reader.samples() {
        let classIndex = found[sample.label] ?? found.count
        found[sample.label] = classIndex
        try list.append(
          sample.key, at: .part(sample.image), classIndex: classIndex,
          source: sample.image.file.path)
      }
    }
    let areNumbers = found.keys.allSatisfy { (Int($0) ?? -1) >= 0 }
    // 07 and 7 are one class, and 10 comes after 9.
    func className(_ text: String) -> String { areNumbers ? String(Int(text)!) : text }
    let names = ClassPlaces(found.keys.map(className)).names
    let classNames = areNumbers ? names.sorted { Int($0)! < Int($1)! } : names
    let order = Dictionary(
      uniqueKeysWithValues: classNames.enumerated().map { ($0.element, $0.offset) })
    var places = Array(repeating: 0, count: found.count)
    for (text, index) in found { places[index] = order[className(text)]! }
    return try list.labeled(
      classNames, places: places, path: path,
      expected: "members KEY.jpg (or png, ppm) and KEY.cls")
  }

  private static func shards(
    _ path: String, _ split: DatasetSplit?
  ) throws(DatasetError) -> [String] {
    if ShardPattern.isPattern(path) { return try ShardPattern.files(path) }
    guard DataFolder.isFolder(path) else { return [path] }
    let folder = DataFolder(split.map { "\(path)/\($0.rawValue)" } ?? path)
    let names = folder.names.filter(hasArchiveName)
    guard !names.isEmpty else {
      throw .missing(layout: .webdataset, below: folder.path, expected: ["*.tar"])
    }
    return names.map { folder($0) }
  }
}
