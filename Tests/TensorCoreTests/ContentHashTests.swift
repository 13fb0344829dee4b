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
}
