/// Elements as they lie in memory, for files of the same machine.
extension PagedArray {
  /// What an element takes, in bytes.
  package static var elementBytes: Int { MemoryLayout<Element>.stride }

  /// Calls `body` with the bytes of the elements, page by page.
  package func forEachPiece<Failure>(
    _ body: (_ bytes: [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    for start in stride(from: 0, to: count, by: Self.pageLength) {
      let elements = elements(start..<Swift.min(start + Self.pageLength, count))
      try body(unsafe elements.withUnsafeBytes { unsafe Array($0) })
    }
  }

  /// Appends the elements that `bytes` are.
  package mutating func append(bytes: [UInt8]) {
    precondition(bytes.count.isMultiple(of: Self.elementBytes), "whole elements")
    let elements = unsafe bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: Self.elementBytes).map {
        unsafe bytes.loadUnaligned(fromByteOffset: $0, as: Element.self)
      }
    }
    append(contentsOf: elements)
  }
}
