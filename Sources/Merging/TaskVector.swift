internal import Kernels
internal import TensorCore

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

/// Floats in a temporary file.
private struct TemporaryFloats: Sendable {
  private let file: UnnamedFile

  init() throws(MergingError) {
    file = try Self.keeping { () throws(UnnamedFile.Failure) in try UnnamedFile("vector") }
  }

  /// - Parameter place: in floats.
  func write(_ values: FloatView, at place: Int) throws(MergingError) {
    try Self.keeping { () throws(UnnamedFile.Failure) in
      let floats = unsafe UnsafeBufferPointer(start: values.start, count: values.count)
      try unsafe file.write(UnsafeRawBufferPointer(floats), at: place * Self.size)
    }
  }

  func read(into values: MutableFloatView, at place: Int) throws(MergingError) {
    try Self.keeping { () throws(UnnamedFile.Failure) in
      let floats = unsafe UnsafeMutableBufferPointer(start: values.start, count: values.count)
      try unsafe file.read(into: UnsafeMutableRawBufferPointer(floats), at: place * Self.size)
    }
  }

  private static let size = MemoryLayout<Float>.stride

  private static func keeping<Value>(
    _ work: () throws(UnnamedFile.Failure) -> Value
  ) throws(MergingError) -> Value {
    do {
      return try work()
    } catch {
      throw .noRoom(folder: error.folder, reason: error.reason)
    }
  }
}
