internal import CResample

extension PixelImage {
  /// The image resampled to `width` x `height` pixels, equal to Pillow's
  /// `image.resize((width, height), filter)` in every pixel: along the lines first, then across
  /// them, each pass rounded to 8 bits.
  public func resized(width: Int, height: Int, filter: ResampleFilter) -> PixelImage {
    precondition(width > 0 && height > 0, "an image of \(width) x \(height) pixels")
    if width == self.width && height == self.height { return self }
    if filter == .nearest { return nearest(width: width, height: height) }
    var image = self
    if width != self.width { image = image.horizontallyResampled(to: width, filter) }
    if height != self.height { image = image.verticallyResampled(to: height, filter) }
    return image
  }

  private func horizontallyResampled(to width: Int, _ filter: ResampleFilter) -> PixelImage {
    let plan = ResampleWeights(from: self.width, to: width, filter: filter)
    var line = [UInt8](repeating: 0, count: 4 * self.width + 8)
    var output = [UInt8](repeating: 0, count: 3 * width * height)
    unsafe pixels.withUnsafeBufferPointer { input in
      unsafe line.withUnsafeMutableBufferPointer { line in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe cr_horizontal(
            input.baseAddress, height, self.width, plan.starts, plan.counts, plan.weights,
            plan.taps, width, line.baseAddress, output.baseAddress)
        }
      }
    }
    return PixelImage(width: width, height: height, pixels: output)
  }

  private func verticallyResampled(to height: Int, _ filter: ResampleFilter) -> PixelImage {
    let plan = ResampleWeights(from: self.height, to: height, filter: filter)
    var output = [UInt8](repeating: 0, count: 3 * width * height)
    unsafe pixels.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe cr_vertical(
          input.baseAddress, 3 * width, plan.starts, plan.counts, plan.weights, plan.taps, height,
          output.baseAddress)
      }
    }
    return PixelImage(width: width, height: height, pixels: output)
  }

  /// Pillow takes the pixel under the centre of each output, its coordinate summed step by step.
  private func nearest(width: Int, height: Int) -> PixelImage {
    let columns = Self.nearestIndices(from: self.width, to: width)
    let rows = Self.nearestIndices(from: self.height, to: height)
    let pixels = [UInt8](capacity: 3 * width * height) { output in
      for row in rows {
        for column in columns {
          let index = 3 * (row * self.width + column)
          output.append(self.pixels[index])
          output.append(self.pixels[index + 1])
          output.append(self.pixels[index + 2])
        }
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }

  private static func nearestIndices(from inputs: Int, to outputs: Int) -> [Int] {
    let step = Double(inputs) / Double(outputs)
    var position = step * 0.5
    return (0..<outputs).map { _ in
      defer { position += step }
      return min(inputs - 1, Int(position))
    }
  }
}
