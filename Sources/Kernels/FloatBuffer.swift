internal import TensorCore

/// A read-only run of floats somewhere in memory, kept alive if a `FloatBuffer` owns it. Slicing is
/// checked; elements are reached by the kernels alone.
@safe
package struct FloatView: @unchecked Sendable {
  package let start: UnsafePointer<Float>
  package let count: Int
  private let owner: FloatBuffer?

  fileprivate init(_ start: UnsafePointer<Float>, count: Int, owner: FloatBuffer?) {
    unsafe self.start = unsafe start
    self.count = count
    self.owner = owner
  }

  /// Memory that the caller keeps alive.
  @unsafe package init(_ start: UnsafePointer<Float>, count: Int) {
    unsafe self.init(start, count: count, owner: nil)
  }

  @unsafe package init(_ buffer: UnsafeBufferPointer<Float>) {
    unsafe self.init(buffer.baseAddress!, count: buffer.count)
  }

  package subscript(range: Range<Int>) -> FloatView {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a slice lies inside")
    return unsafe FloatView(start + range.lowerBound, count: range.count, owner: owner)
  }
}

/// A run of floats that may be written. Threads share one by taking disjoint slices of it.
@safe
package struct MutableFloatView: @unchecked Sendable {
  package let start: UnsafeMutablePointer<Float>
  package let count: Int
  private let owner: FloatBuffer?

  fileprivate init(_ start: UnsafeMutablePointer<Float>, count: Int, owner: FloatBuffer?) {
    unsafe self.start = unsafe start
    self.count = count
    self.owner = owner
  }

  /// Memory that the caller keeps alive.
  @unsafe package init(_ start: UnsafeMutablePointer<Float>, count: Int) {
    unsafe self.init(start, count: count, owner: nil)
  }

  @unsafe package init(_ buffer: UnsafeMutableBufferPointer<Float>) {
    unsafe self.init(buffer.baseAddress!, count: buffer.count)
  }

  package subscript(range: Range<Int>) -> MutableFloatView {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a slice lies inside")
    return unsafe MutableFloatView(start + range.lowerBound, count: range.count, owner: owner)
  }

  /// The rows `range` of a matrix of rows of `length` floats.
  package func rows(_ range: Range<Int>, of length: Int) -> MutableFloatView {
    self[range.lowerBound * length..<range.upperBound * length]
  }

  /// The same run, read only.
  package var readOnly: FloatView { unsafe FloatView(start, count: count, owner: owner) }

  package func fill(_ value: Float) {
    unsafe start.update(repeating: value, count: count)
  }

  package func copy(_ source: FloatView) {
    precondition(source.count == count, "as many floats as there is room for")
    unsafe start.update(from: source.start, count: count)
  }
}

/// Uninitialized, 64-byte aligned memory for floats. Its memory goes back to a pool when the buffer
/// dies, so that a training step does not fault in hundreds of megabytes anew.
@safe
package final class FloatBuffer: @unchecked Sendable {
  package let count: Int
  private let start: UnsafeMutablePointer<Float>
  private let block: BufferPool.Block

  package init(count: Int) {
    self.count = count
    let byteCount = max(1, count) * MemoryLayout<Float>.stride
    block = BufferPool.shared.take(BufferPool.roundedByteCount(byteCount))
    unsafe start = block.start.bindMemory(to: Float.self, capacity: count)
  }

  package var view: MutableFloatView {
    unsafe MutableFloatView(start, count: count, owner: self)
  }

  package var readOnly: FloatView { view.readOnly }

  package convenience init(zeros count: Int) {
    self.init(count: count)
    view.fill(0)
  }

  package convenience init(copying values: [Float]) {
    self.init(count: values.count)
    unsafe values.withUnsafeBufferPointer { source in
      if source.count > 0 { unsafe view.copy(FloatView(source)) }
    }
  }

  package var values: [Float] {
    unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }

  deinit {
    BufferPool.shared.give(block)
  }
}

/// Released memory by size, up to `limit` bytes in all.
private final class BufferPool: Sendable {
  /// Memory that nobody uses.
  @safe struct Block: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let byteCount: Int
  }

  private struct Contents {
    var blocks: [Int: [Block]] = [:]
    var byteCount = 0
  }

  static let shared = BufferPool()
  private static let limit = 1 << 30
  private let contents = Locked(Contents())

  /// Sizes come in eight steps an octave, so that batches of similar size share blocks.
  static func roundedByteCount(_ byteCount: Int) -> Int {
    let least = max(byteCount, 4096)
    let step = 1 << (Int.bitWidth - 1 - (least - 1).leadingZeroBitCount - 3)
    return (least + step - 1) / step * step
  }

  func take(_ byteCount: Int) -> Block {
    let pooled = contents.withLock { contents -> Block? in
      guard let block = contents.blocks[byteCount]?.popLast() else { return nil }
      contents.byteCount -= byteCount
      return block
    }
    return unsafe pooled
      ?? Block(
        start: .allocate(byteCount: byteCount, alignment: 64),
        byteCount: byteCount)
  }

  func give(_ block: Block) {
    let kept = contents.withLock { contents in
      guard contents.byteCount + block.byteCount <= Self.limit else { return false }
      contents.blocks[block.byteCount, default: []].append(block)
      contents.byteCount += block.byteCount
      return true
    }
    if !kept { unsafe block.start.deallocate() }
  }
}
