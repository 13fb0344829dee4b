import Kernels
import Testing

@Suite("Patch embedding")
struct PatchEmbeddingTests {
  @Test("Rows are patches by channel, row and column, behind a row of zeros")
  func rows() {
    let patches = PatchEmbedding(imageSize: 6, patchSize: 2)
    #expect(patches.tokenCount == 10 && patches.patchLength == 12)
    // A pixel's value tells its image, channel, row and column.
    let pixels = (0..<2 * 3 * 36).map { Float($0) }
    let rows = FloatBuffer.stale(2 * 10 * 12)
    patches.rows(
      ofPixels: FloatBuffer(copying: pixels).readOnly, imageCount: 2, into: rows.view)
    for (index, value) in rows.values.enumerated() {
      let (image, token, place) = (index / 120, index / 12 % 10, index % 12)
      if token == 0 {
        #expect(value == 0)
      } else {
        let (channel, y, x) = (place / 4, place / 2 % 2, place % 2)
        let (top, left) = ((token - 1) / 3 * 2, (token - 1) % 3 * 2)
        #expect(value == Float((image * 3 + channel) * 36 + (top + y) * 6 + left + x))
      }
    }
  }
}
