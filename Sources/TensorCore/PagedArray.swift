/// An array of which a page at most is in memory: full pages of 16 KiB lie in a temporary file. Lists as long
/// as data sets are such arrays, so that a run takes no more memory for more images; short ones never touch
/// a disk. A page that the disk does not take stays in memory.
///
/// An element that lies in the file is read by a call of the system, half a microsecond; those who go through
/// an array, or take a part of it, read page by page.
package struct PagedArray<Element: BitwiseCopyable & Sendable>: Sendable {
  private enum Page: Sendable {
    case file(PageFile.Page)
    case memory([Element])
  }

  /// In elements.
  static var pageLength: Int { PageFile.pageBytes / MemoryLayout<Element>.stride }

  let file: PageFile
  /// Full ones.
  private var pages: [Page] = []
  /// The elements behind them, less than a page.
  private var tail: [Element] = []

  /// - Parameter file: takes the full pages.
  package init(in file: PageFile = .shared) {
    self.file = file
  }

  package init(_ elements: some Sequence<Element>, in file: PageFile = .shared) {
    self.init(in: file)
    for element in elements { append(element) }
  }

  package init(repeating element: Element, count: Int, in file: PageFile = .shared) {
    self.init(repeatElement(element, count: count), in: file)
  }

  package mutating func append(_ element: Element) {
    tail.append(element)
    keepFullTail()
  }

  /// Faster than one by one.
  package mutating func append(contentsOf elements: [Element]) {
    var start = 0
    while start < elements.count {
      let end = Swift.min(start + Self.pageLength - tail.count, elements.count)
      tail += elements[start..<end]
      keepFullTail()
      start = end
    }
  }

  private mutating func keepFullTail() {
    guard tail.count == Self.pageLength else { return }
    pages.append(Self.kept(tail, in: file))
    tail.removeAll(keepingCapacity: true)
  }

  package mutating func append(contentsOf elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  private static func kept(_ elements: [Element], in file: PageFile) -> Page {
    let page = unsafe elements.withUnsafeBytes { unsafe file.page(holding: $0) }
    return page.map { .file($0) } ?? .memory(elements)
  }

  /// The elements at `range`.
  package func elements(_ range: Range<Int>) -> [Element] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements of the array")
    let (page, first) = range.lowerBound.quotientAndRemainder(dividingBy: Self.pageLength)
    if first + range.count <= Self.pageLength {
      return Array(elements(first..<first + range.count, of: page))
    }
    var elements: [Element] = []
    elements.reserveCapacity(range.count)
    var start = range.lowerBound
    while start < range.upperBound {
      let (page, first) = start.quotientAndRemainder(dividingBy: Self.pageLength)
      let end = Swift.min(range.upperBound - page * Self.pageLength, Self.pageLength)
      elements += self.elements(first..<end, of: page)
      start += end - first
    }
    return elements
  }

  /// - Parameter page: that of the tail too.
  private func elements(_ range: Range<Int>, of page: Int) -> ArraySlice<Element> {
    guard page < pages.count else { return tail[range] }
    switch pages[page] {
    case .memory(let elements): return elements[range]
    case .file(let page): return Self.elements(range, of: page)[...]
    }
  }

  private static func elements(_ range: Range<Int>, of page: PageFile.Page) -> [Element] {
    // An array of no capacity is one that all threads share, and is not written.
    if range.isEmpty { return [] }
    return unsafe [Element](unsafeUninitializedCapacity: range.count) { buffer, count in
      let elements = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<range.count])
      unsafe page.read(
        into: UnsafeMutableRawBufferPointer(elements),
        at: range.lowerBound * MemoryLayout<Element>.stride)
      count = range.count
    }
  }

  private static func element(_ index: Int, of page: PageFile.Page) -> Element {
    unsafe withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { buffer in
      unsafe page.read(
        into: UnsafeMutableRawBufferPointer(buffer), at: index * MemoryLayout<Element>.stride)
      return unsafe buffer[0]
    }
  }
}

extension PagedArray: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var count: Int { endIndex }
  package var endIndex: Int { pages.count * Self.pageLength + tail.count }

  package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < endIndex, "an element of the array")
      let (page, place) = index.quotientAndRemainder(dividingBy: Self.pageLength)
      guard page < pages.count else { return tail[place] }
      return switch pages[page] {
      case .memory(let elements): elements[place]
      case .file(let page): Self.element(place, of: page)
      }
    }
    set {
      precondition(index >= 0 && index < endIndex, "an element of the array")
      let (page, place) = index.quotientAndRemainder(dividingBy: Self.pageLength)
      if page < pages.count { set(place, of: page, newValue) } else { tail[place] = newValue }
    }
  }

  private mutating func set(_ place: Int, of number: Int, _ element: Element) {
    let page = pages[number]
    // The array's own is the only reference then, where no copy of the array has the page as well.
    pages[number] = .memory([])
    switch consume page {
    case .memory(var elements):
      elements[place] = element
      pages[number] = .memory(elements)
    case .file(var page):
      let offset = place * MemoryLayout<Element>.stride
      if isKnownUniquelyReferenced(&page),
        unsafe withUnsafeBytes(of: element, { unsafe page.write($0, at: offset) })
      {
        pages[number] = .file(page)
        return
      }
      var elements = Self.elements(0..<Self.pageLength, of: page)
      elements[place] = element
      pages[number] = Self.kept(elements, in: file)
    }
  }

  package func makeIterator() -> PieceIterator<Element> { pieces(0..<count) }

  /// Goes through a part of the array, as many elements at a time as a page has.
  func pieces(_ range: Range<Int>) -> PieceIterator<Element> {
    PieceIterator(range, pieceLength: Self.pageLength, elements)
  }
}

extension PagedArray: Equatable where Element: Equatable {
  package static func == (left: PagedArray, right: PagedArray) -> Bool {
    left.elementsEqual(right)
  }
}

extension PagedArray: Hashable where Element: Hashable {
  package func hash(into hasher: inout Hasher) {
    for element in self { hasher.combine(element) }
  }
}
