internal import CResample

/// Which of the two passes of a resampling comes first. As each rounds to 8 bits, single samples
/// depend on it, by one level.
public enum ResamplePassOrder: Sendable {
  /// Pillow 13: vertical first if the height shrinks by more than twice what the width shrinks by,
  /// in pixels; else horizontal first. In proportion, that is an image taller than twice its width.
  case pillow13
  /// Pillow up to 12: always horizontal first.
  case pillow12
}

extension PixelImage {
  /// The image at another size, equal in every sample to Pillow's
  /// `resize((width, height), filter)`.
  public func resized(
    width: Int, height: Int, filter: ResampleFilter, order: ResamplePassOrder = .pillow13
  ) -> PixelImage {
    resized(
      width: width, height: height, filter: filter,
      box: (0, 0, Float(self.width), Float(self.height)), order: order)
  }

  /// A part of the image at another size, equal to Pillow's `resize(size, filter, box)`.
  ///
  /// - Parameter box: the part, in pixels from the upper left corner; may lie between pixels, must
  ///   lie inside the image and have a positive extent.
  public func resized(
    width: Int, height: Int, filter: ResampleFilter,
    box: (left: Float, top: Float, right: Float, bottom: Float),
    order: ResamplePassOrder = .pillow13
  ) -> PixelImage {
    precondition(width > 0 && height > 0, "a size of \(width) x \(height) pixels")
    precondition(
      box.left >= 0 && box.top >= 0 && box.right <= Float(self.width)
        && box.bottom <= Float(self.height) && box.right > box.left && box.bottom > box.top,
      "a box inside the image")
    if filter == .nearest { return nearest(width: width, height: height, box: box) }
    return resampled(
      width: width, height: height, filter: filter, box: box, order: order, columns: 0..<width,
      rows: 0..<height)
  }

  /// The part of `columns` and `rows` of the image at another size, without the rest of it.
  func resampled(
    width: Int, height: Int, filter: ResampleFilter,
    box: (left: Float, top: Float, right: Float, bottom: Float), order: ResamplePassOrder,
    columns: Range<Int>, rows: Range<Int>
  ) -> PixelImage {
    // An axis that stays as it is is skipped, as Pillow does.
    let keepsWidth = width == self.width && box.left == 0 && box.right == Float(width)
    let keepsHeight = height == self.height && box.top == 0 && box.bottom == Float(height)
    let horizontal =
      keepsWidth
      ? nil
      : ResampleWeights(
        inputs: self.width, from: box.left, to: box.right, outputs: width, wanted: columns,
        filter: filter)
    let vertical =
      keepsHeight
      ? nil
      : ResampleWeights(
        inputs: self.height, from: box.top, to: box.bottom, outputs: height, wanted: rows,
        filter: filter)
    let shrinksMostlyInHeight =
      self.height > height && self.height - height > 2 * (self.width - width)
    let source = cropped(
      x: keepsWidth ? columns.lowerBound : 0, y: keepsHeight ? rows.lowerBound : 0,
      width: keepsWidth ? columns.count : self.width,
      height: keepsHeight ? rows.count : self.height)
    if order == .pillow13 && shrinksMostlyInHeight {
      return source.verticallyResampled(by: vertical).horizontallyResampled(by: horizontal)
    }
    return source.horizontallyResampled(by: horizontal).verticallyResampled(by: vertical)
  }

  private func horizontallyResampled(by plan: ResampleWeights?) -> PixelImage {
    guard let plan else { return self }
    let width = plan.starts.count
    var line = [UInt8](repeating: 0, count: 4 * self.width + 8)
    let output = unsafe [UInt8](unsafeUninitializedCapacity: 3 * width * height) { output, count in
      unsafe pixels.withUnsafeBufferPointer { input in
        unsafe line.withUnsafeMutableBufferPointer { line in
          unsafe cr_horizontal(
            input.baseAddress, height, self.width, plan.starts, plan.counts, plan.weights,
            plan.taps, width, line.baseAddress, output.baseAddress)
        }
      }
      count = 3 * width * height
    }
    return PixelImage(width: width, height: height, pixels: output)
  }

  private func verticallyResampled(by plan: ResampleWeights?) -> PixelImage {
    guard let plan else { return self }
    let height = plan.starts.count
    let output = unsafe [UInt8](unsafeUninitializedCapacity: 3 * width * height) { output, count in
      unsafe pixels.withUnsafeBufferPointer { input in
        unsafe cr_vertical(
          input.baseAddress, 3 * width, plan.starts, plan.counts, plan.weights, plan.taps, height,
          output.baseAddress)
      }
      count = 3 * width * height
    }
    return PixelImage(width: width, height: height, pixels: output)
  }

  /// Pillow's affine transform: source positions by repeated addition, so that its rounding, which
  /// decides between neighbours, is repeated too.
  private func nearest(
    width: Int, height: Int, box: (left: Float, top: Float, right: Float, bottom: Float)
  ) -> PixelImage {
    let columns = sourcePositions(width, from: box.left, to: box.right)
    let rows = sourcePositions(height, from: box.top, to: box.bottom)
    let source = pixels.span
    let pixels = [UInt8](capacity: 3 * width * height) { output in
      for row in rows {
        for column in columns {
          // Rounding may lead past the last pixel; Pillow leaves black there.
          let isInside = row < self.height && column < self.width
          let start = 3 * (row * self.width + column)
          output.append(isInside ? source[start] : 0)
          output.append(isInside ? source[start + 1] : 0)
          output.append(isInside ? source[start + 2] : 0)
        }
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }
}

private func sourcePositions(_ count: Int, from: Float, to: Float) -> [Int] {
  let step = Double(to - from) / Double(count)
  var position = Double(from) + step * 0.5
  return (0..<count).map { _ in
    defer { position += step }
    return Int(position)
  }
}
