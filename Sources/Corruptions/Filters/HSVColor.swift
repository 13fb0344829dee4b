/// A colour by hue, saturation and value (Smith 1978), each 0 to 1, with the arithmetic of
/// scikit-image's `rgb2hsv` and `hsv2rgb`.
struct HSVColor {
  var hue: Double
  var saturation: Double
  var value: Double

  @inline(__always)
  init(red: Double, green: Double, blue: Double) {
    value = max(red, green, blue)
    let range = value - min(red, green, blue)
    guard range > 0 else {
      hue = 0
      saturation = 0
      return
    }
    saturation = range / value
    // Of equal channels the last one counts.
    let sixths: Double
    if blue == value {
      sixths = 4 + (red - green) / range
    } else if green == value {
      sixths = 2 + (blue - red) / range
    } else {
      sixths = (green - blue) / range
    }
    let turns = sixths / 6
    hue = turns < 0 ? turns + 1 : turns
  }

  @inline(__always)
  var rgb: (red: Double, green: Double, blue: Double) {
    let scaled = hue * 6
    let sector = Int(scaled)
    let fraction = scaled - Double(sector)
    let p = value * (1 - saturation)
    let q = value * (1 - fraction * saturation)
    let t = value * (1 - (1 - fraction) * saturation)
    switch sector {
    case 1: return (q, value, p)
    case 2: return (p, value, t)
    case 3: return (p, q, value)
    case 4: return (t, p, value)
    case 5: return (value, p, q)
    default: return (value, t, p)
    }
  }
}

extension WorkingImage {
  /// Changes every pixel as a colour of hue, saturation and value.
  mutating func modifyColors(_ body: (inout HSVColor) -> Void) {
    modifyValues { values in
      var samples = values.mutableSpan
      for index in stride(from: 0, to: samples.count, by: 3) {
        var color = HSVColor(
          red: samples[index], green: samples[index + 1], blue: samples[index + 2])
        body(&color)
        (samples[index], samples[index + 1], samples[index + 2]) = color.rgb
      }
    }
  }
}
