/// The patches of images as rows, so that the convolution with stride = patch is one product.
package struct PatchEmbedding: Sendable {
  package let imageSize: Int
  package let patchSize: Int

  package init(imageSize: Int, patchSize: Int) {
    self.imageSize = imageSize
    self.patchSize = patchSize
  }

  /// The patches of an image and the class token in front of them.
  package var tokenCount: Int { patchesPerSide * patchesPerSide + 1 }
  /// The values of a patch: channel, row, column, as PyTorch lays out a convolution's weights.
  package var patchLength: Int { 3 * patchSize * patchSize }
  private var patchesPerSide: Int { imageSize / patchSize }

  /// Writes `[images * tokenCount, patchLength]`: a row of zeros for the class token, then the
  /// patches row by row, for `pixels` of `[images, 3, imageSize, imageSize]`.
  package func rows(
    ofPixels pixels: FloatView, imageCount: Int, into rows: MutableFloatView
  ) {
    let plane = imageSize * imageSize
    precondition(pixels.count == imageCount * 3 * plane, "whole images")
    precondition(rows.count == imageCount * tokenCount * patchLength, "a row for each token")
    var target = unsafe rows.start
    for image in 0..<imageCount {
      unsafe target.update(repeating: 0, count: patchLength)
      unsafe target += patchLength
      for top in stride(from: 0, to: patchesPerSide * patchSize, by: patchSize) {
        for left in stride(from: 0, to: patchesPerSide * patchSize, by: patchSize) {
          for channel in 0..<3 {
            var source = unsafe pixels.start + (image * 3 + channel) * plane + top * imageSize
            unsafe source += left
            for _ in 0..<patchSize {
              unsafe target.update(from: source, count: patchSize)
              unsafe target += patchSize
              unsafe source += imageSize
            }
          }
        }
      }
    }
  }
}
