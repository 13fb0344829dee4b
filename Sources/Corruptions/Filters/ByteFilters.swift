/// OpenCV's small filters of single-channel images, beyond whose edges stands the image mirrored
/// without repeating the edge (`BORDER_REFLECT_101`).
enum ByteFilters {
  /// The mean of each 3 x 3 neighbourhood, rounded.
  static func blur(_ image: [UInt8], width: Int, height: Int) -> [UInt8] {
    neighbourhoods(image, width: width, height: height) { sample in
      var sum: Int32 = 0
      for index in 0..<9 { sum += Int32(sample(index)) }
      // A ninth of an integer is never halfway between two.
      return UInt8((2 * sum + 9) / 18)
    }
  }

  /// The mean of each 3 x 3 neighbourhood of singles, cut off after the point.
  static func truncatedBlur(_ image: [Float], width: Int, height: Int) -> [UInt8] {
    neighbourhoods(image, width: width, height: height) { sample in
      var sum = 0.0
      for index in 0..<9 { sum += Double(sample(index)) }
      return UInt8(Float(sum * (1 / 9.0)))
    }
  }

  /// The correlation with a 3 x 3 kernel, clipped to 0...255.
  static func correlate(_ image: [UInt8], width: Int, height: Int, kernel: [Int32]) -> [UInt8] {
    precondition(kernel.count == 9, "3 x 3")
    return neighbourhoods(image, width: width, height: height) { sample in
      var sum: Int32 = 0
      for index in 0..<9 { sum += Int32(sample(index)) * kernel[index] }
      return UInt8(min(max(sum, 0), 255))
    }
  }

  /// The image with its histogram spread over 0...255 (`equalizeHist`).
  static func equalizeHistogram(_ image: [UInt8]) -> [UInt8] {
    var histogram = [Int](repeating: 0, count: 256)
    for value in image { histogram[Int(value)] += 1 }
    guard let first = histogram.firstIndex(where: { $0 > 0 }), histogram[first] < image.count
    else { return image }
    let scale = 255 / Float(image.count - histogram[first])
    var table = [UInt8](repeating: 0, count: 256)
    var sum = 0
    for value in first + 1..<256 {
      sum += histogram[value]
      table[value] = UInt8((Float(sum) * scale).rounded(.toNearestOrEven))
    }
    return image.map { table[Int($0)] }
  }

  /// `body` gets the nine samples around each pixel, row by row.
  @inline(__always)
  private static func neighbourhoods<Sample>(
    _ image: [Sample], width: Int, height: Int, _ body: ((Int) -> Sample) -> UInt8
  ) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: image.count)
    for y in 0..<height {
      let rows = (-1...1).map { mirrored(y + $0, height) * width }
      for x in 0..<width {
        let columns = (mirrored(x - 1, width), x, mirrored(x + 1, width))
        result[y * width + x] = body { index in
          let row = rows[index / 3]
          switch index % 3 {
          case 0: return image[row + columns.0]
          case 1: return image[row + columns.1]
          default: return image[row + columns.2]
          }
        }
      }
    }
    return result
  }

  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    if count == 1 { return 0 }
    return index < 0 ? -index : index >= count ? 2 * count - 2 - index : index
  }
}
