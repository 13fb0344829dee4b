internal import Archives
internal import TensorCore

/// The samples of a data set in their order, packed: some 20 bytes each, long lists in a file. A `Sample`
/// takes 80 and its texts as much again, and data sets have millions.
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

  /// Those at `range`, faster than one by one.
  public func elements(_ range: Range<Int>) -> [Sample] {
    zip(ids.elements(range), locations.elements(range)).map { Sample(id: $0, location: $1) }
  }

  public func makeIterator() -> some IteratorProtocol<Sample> {
    PieceIterator(0..<count, elements)
  }
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

  subscript(index: Int) -> ImageLocation { elements(index..<index + 1)[0] }

  /// The locations at `range`.
  func elements(_ range: Range<Int>) -> [ImageLocation] {
    guard !range.isEmpty else { return [] }
    let names = names.elements(range)
    var locations: [ImageLocation] = []
    locations.reserveCapacity(range.count)
    var place = place(ofRunWith: range.lowerBound)
    while locations.count < range.count {
      let run = runs[place]
      let start = range.lowerBound + locations.count
      let end =
        place + 1 < runs.count ? min(runs[place + 1].first, range.upperBound) : range.upperBound
      let runNames = names[locations.count..<end - range.lowerBound]
      func parts(_ file: DataFile) -> [FilePart] {
        let first = run.firstPart - run.first
        return zip(runNames, ranges.elements(first + start..<first + end)).map { name, bytes in
          FilePart(file: file, offset: bytes.lowerBound, count: bytes.count, name: name)
        }
      }
      switch run.holder {
      case .files: locations += runNames.map { .file($0) }
      case .parts(let file): locations += parts(file).map { .part($0) }
      case .rasters(let file, let shape): locations += parts(file).map { .raster($0, shape) }
      }
      place += 1
    }
    return locations
  }

  /// Of the last run that begins at `index` or before.
  private func place(ofRunWith index: Int) -> Int {
    precondition((0..<count).contains(index), "an image of the list")
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].first <= index { low = middle } else { high = middle }
    }
    return low
  }
}
