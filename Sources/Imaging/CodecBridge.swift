internal import CCodecShims

/// Runs a reader of the C shim over `bytes`: header, limit, memory, pixels.
func decodeByShim(
  _ bytes: [UInt8], name: String, format: ImageFormat, pixelLimit: Int,
  open: (UnsafePointer<UInt8>?, Int) -> OpaquePointer?
) throws(ImageError) -> PixelImage {
  let outcome = unsafe bytes.withUnsafeBufferPointer { buffer -> Result<PixelImage, ImageError> in
    let reader = unsafe open(buffer.baseAddress, buffer.count)
    defer { unsafe codec_close(reader) }
    func failure(_ result: CodecResult) -> Result<PixelImage, ImageError> {
      let message = unsafe String(cString: codec_message(reader))
      return switch result {
      case CODEC_TRUNCATED: .failure(.truncated(name: name, format: format))
      case CODEC_UNSUPPORTED:
        .failure(.unsupported(name: name, format: format, feature: message))
      default: .failure(.malformed(name: name, format: format, problem: message))
      }
    }

    var width: Int32 = 0
    var height: Int32 = 0
    let header = unsafe codec_read_header(reader, &width, &height)
    guard header == CODEC_DONE else { return failure(header) }
    let pixelCount = Int(width) * Int(height)
    guard pixelCount <= pixelLimit else {
      return .failure(
        .tooManyPixels(name: name, width: Int(width), height: Int(height), limit: pixelLimit))
    }
    var result = CODEC_DONE
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: 3 * pixelCount) { target, count in
      result = unsafe codec_read_pixels(reader, target.baseAddress)
      count = result == CODEC_DONE ? 3 * pixelCount : 0
    }
    guard result == CODEC_DONE else { return failure(result) }
    return .success(PixelImage(width: Int(width), height: Int(height), pixels: pixels))
  }
  return try outcome.get()
}

/// Runs an encoder of the C shim over the pixels of `image`.
func encodeByShim(
  _ image: PixelImage, format: ImageFormat,
  encode: (UnsafePointer<UInt8>?, inout CodecOutput) -> Bool
) throws(ImageError) -> [UInt8] {
  guard image.width <= Int(Int32.max), image.height <= Int(Int32.max) else {
    throw .encodingFailed(format: format, problem: "\(image.width) x \(image.height) pixels")
  }
  var output = unsafe CodecOutput()
  defer { unsafe codec_free_output(&output) }
  let done = unsafe image.pixels.withUnsafeBufferPointer { buffer in
    unsafe encode(buffer.baseAddress, &output)
  }
  guard done else {
    let message = unsafe String(cString: codec_output_message(&output))
    throw .encodingFailed(format: format, problem: message)
  }
  return unsafe Array(UnsafeBufferPointer(start: output.bytes, count: output.count))
}
