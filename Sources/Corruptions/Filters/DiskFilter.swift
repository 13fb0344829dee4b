internal import CFilters
internal import Foundation

/// The correlation with a smoothed disk as imagecorruptions makes it (`disk`, with OpenCV's
/// `GaussianBlur` in single precision) and applies it (`filter2D`). Beyond the edges stands the
/// image mirrored without repeating the edge (`BORDER_REFLECT_101`).
struct DiskFilter: Sendable {
  /// How far the kernel reaches from its centre.
  let reach: Int
  /// `[2 reach + 1, 2 reach + 1]`. Its sum is 1 only roughly: the published kernels lose or repeat
  /// what the smoothing moves over the edge, and so brighten the image by up to 1.3 percent.
  let kernel: [Float]

  /// - Parameters:
  ///   - radius: of the disk, in pixels.
  ///   - alias: the standard deviation of the smoothing, in pixels.
  init(radius: Double, alias: Double) {
    reach = radius <= 8 ? 8 : Int(radius.rounded(.up))
    let side = 2 * reach + 1
    var disk = [Float](repeating: 0, count: side * side)
    for y in -reach...reach {
      for x in -reach...reach where Double(x * x + y * y) <= radius * radius {
        disk[(y + reach) * side + x + reach] = 1
      }
    }
    let area = disk.reduce(0, +)
    for index in disk.indices { disk[index] /= area }
    let weights = Self.gaussian(radius: radius <= 8 ? 1 : 2, sigma: alias)
    kernel = Self.smoothed(disk, side: side, weights: weights)
  }

  /// The filtered samples of an 8-bit RGB image, on the scale 0...1.
  func apply(to samples: [UInt8], width: Int, height: Int) -> [Double] {
    let (count, margin) = (3 * width, 3 * reach)
    let rowOfPairs = cf_disk_scratch_stride(margin, count)
    guard let groups = groups(stride: rowOfPairs) else {
      return apply(to: samples.map { Double($0) / 255 }, width: width, height: height)
    }
    let padded = padding(samples, width: width, height: height)
    var pairs = [UInt16](repeating: 0, count: (reach + 1) * rowOfPairs)
    return unsafe padded.samples.withUnsafeBufferPointer { source in
      // The kernel writes whole vectors.
      unsafe [Double](unsafeUninitializedCapacity: samples.count + 16) { target, filled in
        for y in 0..<height {
          unsafe cf_disk_row(
            source.baseAddress! + (y + reach) * padded.stride + margin, padded.stride, margin,
            reach, groups.offsets, groups.sizes, groups.limbs, groups.sizes.count / 2,
            groups.radix, groups.scale, count, &pairs, target.baseAddress! + y * count)
        }
        filled = samples.count
      }
    }
  }

  /// The filtered samples of an RGB image of doubles.
  func apply(to samples: [Double], width: Int, height: Int) -> [Double] {
    let padded = padding(samples, width: width, height: height)
    let taps = taps(stride: padded.stride)
    return (0..<height).flatMap { y in
      let row = (y + reach) * padded.stride + 3 * reach
      return (row..<row + 3 * width).map { place in
        taps.reduce(0) { $0 + padded.samples[place + $1.offset] * Double($1.weight) }
      }
    }
  }

  /// The samples with a mirrored margin on every side, and room for two vectors at the end.
  private func padding<Sample: Numeric>(_ samples: [Sample], width: Int, height: Int)
    -> (samples: [Sample], stride: Int)
  {
    let stride = 3 * (width + 2 * reach)
    let columns = (-reach..<width + reach).map { mirrored($0, width) }
    let padded = [Sample](capacity: stride * (height + 2 * reach) + 32) { output in
      for y in -reach..<height + reach {
        let row = mirrored(y, height) * width
        for column in columns {
          let pixel = 3 * (row + column)
          output.append(samples[pixel])
          output.append(samples[pixel + 1])
          output.append(samples[pixel + 2])
        }
      }
      for _ in 0..<32 { output.append(0) }
    }
    return (padded, stride)
  }

  /// The taps that count: the smoothing leaves others of 1e-22 of the largest.
  private func taps(stride: Int) -> [(row: Int, offset: Int, weight: Float)] {
    let side = 2 * reach + 1
    return kernel.indices.compactMap { index in
      guard kernel[index] > 1e-18 else { return nil }
      let row = index / side - reach
      return (row, row * stride + 3 * (index % side - reach), kernel[index])
    }
  }

  /// Taps by weight, and the weights in integers, as `cf_disk_row` takes them.
  private struct Groups {
    var offsets: [Int] = []
    var sizes: [Int] = []
    var limbs: [Int32] = []
    let radix: Double
    let scale: Double
  }

  /// The taps of the centre's row and below grouped by weight, in an image of the sums of rows that
  /// are equally far above and below: the sums are integers, and few products are left. Nil for
  /// kernels so large that sums of products overflow.
  private func groups(stride: Int) -> Groups? {
    let lower = taps(stride: stride).filter { $0.row >= 0 }
    // A pair of samples is up to 510.
    let room = (1 << 31 - 1) / (510 * lower.count)
    guard room >= 1 << 13, let largest = kernel.max() else { return nil }
    let bits = room >= 1 << 14 ? 14 : 13
    // The largest weight fills its three limbs; all but the very smallest are exact.
    let exponent = 3 * bits - 1 - Int(largest.exponent)
    var groups = Groups(
      radix: Double(1 << bits), scale: Double(sign: .plus, exponent: -exponent, significand: 1))
    var weights: [Int] = []
    for (weight, taps) in Dictionary(grouping: lower, by: \.weight)
      .sorted(by: { $0.key < $1.key })
    {
      // 64 pairs of samples fill 15 bits.
      for start in Swift.stride(from: 0, to: taps.count, by: 64) {
        let part = taps[start..<min(start + 64, taps.count)]
        groups.offsets += part.map(\.offset)
        groups.sizes.append(part.count)
        weights.append(
          Int((Double(weight) / groups.scale).rounded(.toNearestOrEven)))
      }
    }
    if weights.count % 2 == 1 {
      groups.sizes.append(0)
      weights.append(0)
    }
    let mask = 1 << bits - 1
    for pair in Swift.stride(from: 0, to: weights.count, by: 2) {
      for shift in [2 * bits, bits, 0] {
        let (low, high) = ((weights[pair] >> shift) & mask, (weights[pair + 1] >> shift) & mask)
        groups.limbs.append(Int32(high << 16 | low))
      }
    }
    return groups
  }

  /// OpenCV's `getGaussianKernel` from the centre outwards.
  private static func gaussian(radius: Int, sigma: Double) -> [Float] {
    let taps = (-radius...radius).map { exp(-0.5 / (sigma * sigma) * Double($0 * $0)) }
    let sum = taps.reduce(0, +)
    return taps[radius...].map { Float($0 * (1 / sum)) }
  }

  /// OpenCV's `GaussianBlur` of singles with 3 or 5 taps, which fuses products and sums: along rows
  /// of 3 taps the pair comes first, else the centre.
  private static func smoothed(_ image: [Float], side: Int, weights: [Float]) -> [Float] {
    var rows = image
    var result = image
    for y in 0..<side {
      for x in 0..<side {
        func pair(_ offset: Int) -> Float {
          image[y * side + mirrored(x - offset, side)]
            + image[y * side + mirrored(x + offset, side)]
        }
        let center = image[y * side + x]
        if weights.count == 2 {
          rows[y * side + x] = (pair(1) * weights[1]).addingProduct(center, weights[0])
        } else {
          rows[y * side + x] = (1..<weights.count).reduce(center * weights[0]) {
            $0.addingProduct(pair($1), weights[$1])
          }
        }
      }
    }
    for y in 0..<side {
      for x in 0..<side {
        result[y * side + x] = (1..<weights.count).reduce(rows[y * side + x] * weights[0]) {
          let above = rows[mirrored(y - $1, side) * side + x]
          let below = rows[mirrored(y + $1, side) * side + x]
          return $0.addingProduct(above + below, weights[$1])
        }
      }
    }
    return result
  }
}

/// The index inside `0..<count` that OpenCV's `BORDER_REFLECT_101` takes for `index`.
private func mirrored(_ index: Int, _ count: Int) -> Int {
  if index >= 0 && index < count { return index }
  if count == 1 { return 0 }
  let period = 2 * count - 2
  let folded = ((index % period) + period) % period
  return folded < count ? folded : period - folded
}
