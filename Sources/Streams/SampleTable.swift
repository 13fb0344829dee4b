internal import Archives

/// The samples of a data set in their order, packed: some 20 bytes each, long lists in a file. A `Sample` takes 80 and
/// its texts as much again, and data sets have millions.
public struct SampleTable: RandomAccessCollection, Sendable, Equatable {
  public let ids: SampleIDs
  private let locations: PackedLocations

  /// - Parameter locations: one for each id.
  init(ids: SampleIDs, locations: PackedLocations) {
    precondition(ids.count == locations.count, "a location for each sample")
    self.ids = ids
    self.locations = locations
  }

  init(_ samples: some Sequence<Sample>) {
    var (ids, locations) = (SampleIDs(), PackedLocations())
    for sample in samples {
      ids.append(sample.id)
      locations.append(sample.location)
    }
    self.init(ids: ids, locations: locations)
  }

  /// Those at `places`, in that order.
  public func at(_ places: some Sequence<Int>) -> SampleTable {
    SampleTable(places.lazy.map { self[$0] })
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { ids.count }
  public subscript(index: Int) -> Sample { Sample(id: ids[index], location: locations[index]) }
}

/// Where images lie, packed.
struct PackedLocations: Sendable, Equatable {
  /// What images that follow one another have in common.
  private enum Holder: Hashable, Sendable {
    case files
    case parts(DataFile)
    case rasters(DataFile, RasterShape)
  }

  private struct Run: Hashable, Sendable {
    let holder: Holder
    /// The first image, and its place among the parts.
    let first: Int
    let firstPart: Int
  }

  private var runs: [Run] = []
  /// Paths of files, and what larger files call their parts.
  private var names = PackedTexts()
  /// In bytes, of parts alone.
  private var ranges = PackedRanges()

  var count: Int { names.count }

  mutating func append(_ location: ImageLocation) {
    switch location {
    case .file(let path): append(.files, path)
    case .part(let part): append(.parts(part.file), part)
    case .raster(let part, let shape): append(.rasters(part.file, shape), part)
    }
  }

  private mutating func append(_ holder: Holder, _ part: FilePart) {
    append(holder, part.name)
    ranges.append(part.offset..<part.offset + part.count)
  }

  private mutating func append(_ holder: Holder, _ name: String) {
    if runs.last?.holder != holder {
      runs.append(Run(holder: holder, first: names.count, firstPart: ranges.count))
    }
    names.append(name)
  }

  subscript(index: Int) -> ImageLocation {
    let run = run(of: index)
    func part(_ file: DataFile) -> FilePart {
      let range = ranges[run.firstPart + index - run.first]
      return FilePart(
        file: file, offset: range.lowerBound, count: range.count, name: names[index])
    }
    return switch run.holder {
    case .files: .file(names[index])
    case .parts(let file): .part(part(file))
    case .rasters(let file, let shape): .raster(part(file), shape)
    }
  }

  /// The last run that begins at `index` or before.
  private func run(of index: Int) -> Run {
    precondition((0..<count).contains(index), "an image of the list")
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].first <= index { low = middle } else { high = middle }
    }
    return runs[low]
  }
}
