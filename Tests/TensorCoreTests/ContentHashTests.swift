import TensorCore
import Testing

@Suite("Content hash")
struct ContentHashTests {
  @Test("Digests equal those of the xxhash package for Python")
  func digests() {
    #expect(ContentHash(of: "").description == "99aa06d3014798d86001c324468d497f")
    #expect(ContentHash(of: "abc").description == "06b05ab6733a618578af5f94892f3950")
    let bytes = (0..<1024).map { UInt8(truncatingIfNeeded: $0) }
    #expect(ContentHash(of: bytes).description == "83885e853bb6640ca870f92984398d22")
    #expect(ContentHash(of: bytes.span) == ContentHash(of: bytes))
  }

  @Test(
    "A content that comes in parts has the hash of the whole", arguments: [0, 1, 17, 240, 5000])
  func parts(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
    for length in [1, 16, 333] {
      let hasher = ContentHasher()
      for start in stride(from: 0, to: count, by: length) {
        hasher.update(bytes.span.extracting(start..<min(count, start + length)))
      }
      #expect(hasher.hash == ContentHash(of: bytes))
    }
    let texts = ContentHasher()
    for text in ["ab", "", "c"] { texts.update(text) }
    #expect(texts.hash == ContentHash(of: "abc"))
  }
}
