internal import Foundation
internal import Kernels

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A task vector, in memory or in a temporary file: eight of a large model are not for memory, and
/// merging reads each from start to end.
struct TaskVector: Sendable {
  private enum Storage: Sendable {
    case memory(FloatBuffer)
    case file(TemporaryFloats)
  }

  let count: Int
  let precision: TaskVectorBank.Precision
  private let storage: Storage

  /// - Parameters:
  ///   - inMemory: else in a file.
  ///   - fill: writes the values of the range that it is given.
  /// - Throws: `noRoom` for the file.
  init(
    count: Int, inMemory: Bool, precision: TaskVectorBank.Precision = .float32,
    fill: (Range<Int>, MutableFloatView) -> Void
  ) throws(MergingError) {
    self.count = count
    self.precision = precision
    let wordCount = precision == .float32 ? count : BFloat16.wordCount(of: count)
    let buffer = inMemory ? FloatBuffer(count: wordCount) : nil
    if let buffer, precision == .float32 {
      fill(0..<count, buffer.view)
      storage = .memory(buffer)
      return
    }
    let file = buffer == nil ? try TemporaryFloats() : nil
    let length = min(count, Self.writeLength)
    let scratch = FloatBuffer(count: length).view
    let packed = FloatBuffer(count: BFloat16.wordCount(of: length)).view
    for start in stride(from: 0, to: count, by: Self.writeLength) {
      let range = start..<min(count, start + Self.writeLength)
      let values = scratch[0..<range.count]
      fill(range, values)
      guard precision == .bfloat16 else {
        try file?.write(values.readOnly, at: start)
        continue
      }
      let words = packed[0..<BFloat16.wordCount(of: range.count)]
      BFloat16.pack(values.readOnly, into: words)
      buffer?.view[start / 2..<start / 2 + words.count].copy(words.readOnly)
      try file?.write(words.readOnly, at: start / 2)
    }
    storage = if let buffer { .memory(buffer) } else { .file(file!) }
  }

  /// Floats written at a time; even, so that they fill whole words of two.
  private static let writeLength = 1 << 20

  /// The values of `range`.
  ///
  /// - Parameter scratch: at least as long; gets them if they are not in memory as they are.
  /// - Throws: `noRoom` where the file can't be read.
  func values(_ range: Range<Int>, scratch: MutableFloatView) throws(MergingError) -> FloatView {
    let values = scratch[0..<range.count]
    switch (storage, precision) {
    case (.memory(let buffer), .float32): return buffer.readOnly[range]
    case (.file(let file), .float32): try file.read(into: values, at: range.lowerBound)
    case (.memory(let buffer), .bfloat16):
      BFloat16.unpack(buffer.readOnly, from: range.lowerBound, into: values)
    case (.file(let file), .bfloat16):
      let first = range.lowerBound / 2
      let words = FloatBuffer(count: BFloat16.wordCount(of: range.upperBound) - first).view
      try file.read(into: words, at: first)
      BFloat16.unpack(words.readOnly, from: range.lowerBound - 2 * first, into: values)
    }
    return values.readOnly
  }
}

/// A temporary file of floats that has no name: it goes when nobody uses it any more, however the
/// process ends.
private final class TemporaryFloats: Sendable {
  private let descriptor: Int32
  private let folder: String

  init() throws(MergingError) {
    folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    var template = Array("\(folder)/mergeshift-vector-XXXXXX".utf8CString)
    descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure(folder) }
    unsafe unlink(template)
  }

  deinit { close(descriptor) }

  /// - Parameter place: in floats.
  func write(_ values: FloatView, at place: Int) throws(MergingError) {
    try transfer(values.count, at: place) { done, count, offset in
      unsafe pwrite(descriptor, UnsafeRawPointer(values.start) + done, count, offset)
    }
  }

  func read(into values: MutableFloatView, at place: Int) throws(MergingError) {
    try transfer(values.count, at: place) { done, count, offset in
      unsafe pread(descriptor, UnsafeMutableRawPointer(values.start) + done, count, offset)
    }
  }

  /// Calls `move` with the bytes that are done, those that are left and where they are in the file,
  /// until none is left.
  private func transfer(
    _ count: Int, at place: Int, _ move: (_ done: Int, _ left: Int, _ offset: off_t) -> Int
  ) throws(MergingError) {
    let size = MemoryLayout<Float>.stride
    var done = 0
    while done < count * size {
      let moved = move(done, count * size - done, off_t(place * size + done))
      if moved < 0, errno == EINTR { continue }
      guard moved > 0 else { throw Self.failure(folder) }
      done += moved
    }
  }

  private static func failure(_ folder: String) -> MergingError {
    .noRoom(folder: folder, reason: unsafe String(cString: strerror(errno)))
  }
}
