/// OpenCV's small filters of single-channel images, beyond whose edges stands the image mirrored
/// without repeating the edge (`BORDER_REFLECT_101`).
enum ByteFilters {
  /// The mean of each 3 x 3 neighbourhood, rounded.
  static func blur(_ image: [UInt8], width: Int, height: Int) -> [UInt8] {
    neighbourhoods(image, width: width, height: height) { sample in
      var sum: Int32 = 0
      for index in 0..<9 { sum &+= Int32(sample(index)) }
      // A ninth of an integer is never halfway between two.
      return UInt8(truncatingIfNeeded: (2 &* sum &+ 9) / 18)
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
    let weights = SIMD16<Int32>(kernel + [Int32](repeating: 0, count: 7))
    return neighbourhoods(image, width: width, height: height) { sample in
      var sum: Int32 = 0
      for index in 0..<9 { sum &+= Int32(sample(index)) &* weights[index] }
      return UInt8(truncatingIfNeeded: min(max(sum, 0), 255))
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
    let stride = width + 2
    let padded = padding(image, width: width, height: height)
    return [UInt8](capacity: image.count) { output in
      let samples = padded.span
      for y in 0..<height {
        for place in y * stride..<y * stride + width {
          output.append(
            body { index in
              // Inside by the margins.
              unsafe samples[unchecked: place + index / 3 * stride + index % 3]
            })
        }
      }
    }
  }

  /// The image with a mirrored margin of one sample.
  @inline(__always)
  private static func padding<Sample>(_ image: [Sample], width: Int, height: Int) -> [Sample] {
    [Sample](capacity: (width + 2) * (height + 2)) { output in
      let samples = image.span
      for y in -1...height {
        let row = mirrored(y, height) * width
        output.append(samples[row + mirrored(-1, width)])
        for place in row..<row + width { output.append(samples[place]) }
        output.append(samples[row + mirrored(width, width)])
      }
    }
  }

  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    if count == 1 { return 0 }
    return index < 0 ? -index : index >= count ? 2 * count - 2 - index : index
  }
}
