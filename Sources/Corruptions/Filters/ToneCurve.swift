internal import Imaging

extension WorkingImage {
  /// Replaces every sample by `curve` of its value (0...1) and its channel (0 red, 1 green, 2 blue).
  ///
  /// 8-bit samples stay so and go through three tables, doubles are computed one by one.
  mutating func applyCurve(_ curve: (_ value: Double, _ channel: Int) -> Double) {
    if isQuantized {
      modifyPixels { samples in
        var tables: [UInt8] = []
        for channel in 0..<3 {
          for level in 0..<256 {
            tables.append(UInt8(min(max(curve(Double(level) / 255, channel), 0), 1) * 255))
          }
        }
        let table = tables.span
        var span = samples.mutableSpan
        for index in stride(from: 0, to: span.count, by: 3) {
          span[index] = table[Int(span[index])]
          span[index + 1] = table[256 + Int(span[index + 1])]
          span[index + 2] = table[512 + Int(span[index + 2])]
        }
      }
    } else {
      modifyValues { values in
        var span = values.mutableSpan
        for index in stride(from: 0, to: span.count, by: 3) {
          for channel in 0..<3 { span[index + channel] = curve(span[index + channel], channel) }
        }
      }
    }
  }
}
