/// A temporary file of pages, made when the first is kept. Arrays as long as data sets lie in one that the
/// whole process shares, so that they take neither memory nor a file each.
package final class PageFile: Sendable {
  /// Of a page.
  package static var pageBytes: Int { 16 << 10 }
  /// The process's.
  package static let shared = PageFile()

  private struct State {
    var file: UnnamedFile?
    /// Pages that were kept and are so no more.
    var free: [Int] = []
    /// Pages that the file has, free ones too.
    var count = 0
    var capacity: Int
  }

  private let folder: String?
  private let state: Locked<State>

  /// - Parameters:
  ///   - folder: nil: the system's for temporary files, or TMPDIR.
  ///   - capacity: in pages; writes to pages beyond it are refused, as those of a full disk are.
  package init(in folder: String? = nil, capacity: Int = .max) {
    self.folder = folder
    state = Locked(State(capacity: capacity))
  }

  /// From now on.
  package func setCapacity(_ pages: Int) { state.withLock { $0.capacity = pages } }

  /// How many pages are kept.
  package var pageCount: Int { state.withLock { $0.count - $0.free.count } }

  /// Keeps a page.
  ///
  /// - Parameter bytes: `pageBytes` at most.
  /// - Returns: nil if the file can't be made or the disk does not take it.
  @unsafe func page(holding bytes: UnsafeRawBufferPointer) -> Page? {
    let place = state.withLock { state -> (UnnamedFile, Int)? in
      if state.file == nil { state.file = try? UnnamedFile("lists", in: folder) }
      guard let file = state.file else { return nil }
      if let number = state.free.popLast() { return (file, number) }
      state.count += 1
      return (file, state.count - 1)
    }
    guard let (file, number) = place else { return nil }
    // Free again if it is not written.
    let page = Page(number, of: self, file)
    return unsafe page.write(bytes, at: 0) ? page : nil
  }

  private func isFull(for page: Int) -> Bool { state.withLock { page >= $0.capacity } }

  private func release(_ page: Int) { state.withLock { $0.free.append(page) } }

  /// A page of the file that goes to another use when nobody uses it any more.
  final class Page: Sendable {
    private let number: Int
    private let owner: PageFile
    private let file: UnnamedFile

    fileprivate init(_ number: Int, of owner: PageFile, _ file: UnnamedFile) {
      self.number = number
      self.owner = owner
      self.file = file
    }

    deinit { owner.release(number) }

    /// Fills `bytes` with those from `offset` on. A disk that does not give them back ends the process,
    /// as it does where a mapped file is read.
    @unsafe func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
      do throws(UnnamedFile.Failure) {
        try unsafe file.read(into: bytes, at: number * PageFile.pageBytes + offset)
      } catch {
        preconditionFailure("the temporary file of lists in \(error.folder): \(error.reason)")
      }
    }

    /// - Returns: whether the disk took `bytes`.
    @unsafe func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
      precondition(offset + bytes.count <= PageFile.pageBytes, "within the page")
      guard !owner.isFull(for: number) else { return false }
      do throws(UnnamedFile.Failure) {
        try unsafe file.write(bytes, at: number * PageFile.pageBytes + offset)
        return true
      } catch {
        return false
      }
    }
  }
}
