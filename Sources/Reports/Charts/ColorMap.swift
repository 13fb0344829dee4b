internal import Foundation

/// A map from numbers to colours for heat maps, with text that can be read on each.
package enum ColorMap: Sendable {
  /// Viridis (matplotlib): lightness rises evenly, readable without telling hues apart.
  case sequential
  /// Purple to orange (ColorBrewer's PuOr, turned): losses orange, gains purple, zero almost white.
  case diverging

  /// Colours at even distances; between them, linear in sRGB.
  private var anchors: [UInt32] {
    switch self {
    case .sequential:
      [
        0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26828e, 0x21918c,
        0x1fa088, 0x28ae80, 0x3fbc73, 0x5ec962, 0x84d44b, 0xaddc30, 0xd8e219, 0xfde725,
      ]
    case .diverging:
      [
        0xb25706, 0xe08214, 0xfcb761, 0xfee0b6, 0xf6f6f7, 0xd8daeb, 0xb1aad1, 0x8073ac, 0x532687,
      ]
    }
  }

  /// The colour of `position`, 0 to 1, as `#rrggbb`; positions outside take the nearest end.
  package func color(_ position: Double) -> String {
    let (red, green, blue) = components(position)
    return String(
      format: "#%02x%02x%02x", Int(red.rounded()), Int(green.rounded()), Int(blue.rounded()))
  }

  /// Black or white, whichever has the higher contrast on the colour of `position`.
  package func textColor(_ position: Double) -> String {
    let (red, green, blue) = components(position)
    let luminance = Contrast.luminance(red, green, blue)
    // Contrast with white and with black are equal where (1.05 / (L + 0.05)) = ((L + 0.05) / 0.05).
    return luminance + 0.05 > (1.05 * 0.05).squareRoot() ? "#000000" : "#ffffff"
  }

  private func components(_ position: Double) -> (Double, Double, Double) {
    let scaled = min(max(position, 0), 1) * Double(anchors.count - 1)
    let index = min(Int(scaled), anchors.count - 2)
    let share = scaled - Double(index)
    func channel(_ shift: UInt32) -> Double {
      let (left, right) = (anchors[index] >> shift & 0xFF, anchors[index + 1] >> shift & 0xFF)
      return Double(left) + share * (Double(right) - Double(left))
    }
    return (channel(16), channel(8), channel(0))
  }
}

/// WCAG's measure of how well two colours can be told apart.
package enum Contrast {
  /// Relative luminance of sRGB channels 0 to 255.
  package static func luminance(_ red: Double, _ green: Double, _ blue: Double) -> Double {
    func linear(_ channel: Double) -> Double {
      let value = channel / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// From 1 (the same) to 21 (black and white). Colours as `#rrggbb`.
  package static func ratio(_ left: String, _ right: String) -> Double {
    let luminances = [left, right].map { color -> Double in
      let value = UInt32(color.dropFirst(), radix: 16) ?? 0
      return luminance(
        Double(value >> 16 & 0xFF), Double(value >> 8 & 0xFF), Double(value & 0xFF))
    }.sorted()
    return (luminances[1] + 0.05) / (luminances[0] + 0.05)
  }
}
