internal import Configuration

/// Keeps the highest bits of every sample, as Pillow's `ImageOps.posterize`: the image also gets
/// darker. ImageNet-3DCC's `color_quant` (Kar et al. 2022).
struct ColorQuantization: CorruptionPrimitive {
  static let name = "color_quantization"
  static let summary = "keeps the highest `bits` of every sample"

  /// Of the 8: 1 to 8.
  let bits: Int

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    bits = try parameters.int("bits", in: 1...8)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let mask = UInt8.max << UInt8(8 - bits)
    image.modifyPixels { samples in
      var span = samples.mutableSpan
      for index in span.indices { span[index] &= mask }
    }
  }
}
