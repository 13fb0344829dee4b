package import Kernels

/// A run of `length` floats for each image, or for each text of a text tower.
package struct ImageRows: Sendable {
  let buffer: FloatBuffer
  let length: Int

  package init(_ imageCount: Int, _ length: Int) {
    buffer = FloatBuffer(count: imageCount * length)
    self.length = length
  }

  package subscript(images: Range<Int>) -> MutableFloatView { buffer.view.rows(images, of: length) }

  var all: MutableFloatView { buffer.view }
}

/// What attention keeps of a block's forward pass.
package struct AttentionActivations: Sendable {
  let normalized, scales, queries, keys, values, probabilities: ImageRows

  package init(_ block: TransformerBlock, _ imageCount: Int) {
    let tokens = block.tokenCount
    normalized = ImageRows(imageCount, tokens * block.width)
    scales = ImageRows(imageCount, tokens)
    queries = ImageRows(imageCount, block.queryCount * block.width)
    keys = ImageRows(imageCount, tokens * block.width)
    values = ImageRows(imageCount, tokens * block.width)
    probabilities = ImageRows(imageCount, block.attention.probabilityCount)
  }
}

/// What the part of a block behind its attention keeps of its forward pass.
package struct FeedForwardActivations: Sendable {
  package let context: ImageRows
  let normalized, scales, hidden: ImageRows

  package init(_ block: TransformerBlock, _ imageCount: Int) {
    context = ImageRows(imageCount, block.queryCount * block.width)
    normalized = ImageRows(imageCount, block.queryCount * block.width)
    scales = ImageRows(imageCount, block.queryCount)
    hidden = ImageRows(imageCount, block.queryCount * block.mlpWidth)
  }
}
