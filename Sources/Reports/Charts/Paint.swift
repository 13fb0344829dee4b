/// A colour of a chart by its role, so that the same chart follows a page's theme or stands alone.
package enum Paint: Hashable, Sendable {
  /// Text and outlines.
  case ink
  /// Axes and their numbers.
  case muted
  /// Grid lines.
  case grid
  /// What the chart lies on.
  case paper
  /// The n-th of the categories.
  case series(Int)
  /// `#rrggbb`, the same in every theme.
  case fixed(String)
}

/// Where a chart is shown.
package enum ChartTheme: Sendable {
  /// Inside the page, whose style sheet sets the colours for light and dark.
  case page
  /// In a file of its own, in light colours.
  case file

  package func color(_ paint: Paint) -> String {
    let name: String
    switch paint {
    case .fixed(let color): return color
    case .ink: name = "ink"
    case .muted: name = "muted"
    case .grid: name = "grid"
    case .paper: name = "paper"
    case .series(let index): name = "series-\(index % Palette.light.series.count)"
    }
    switch self {
    case .page: return "var(--\(name))"
    case .file: return Palette.light.color(named: name)
    }
  }
}

/// The colours of a theme. The categories are those of Okabe and Ito, which stay apart for people
/// who don't tell red from green; those with too little contrast are darker on light ground and
/// lighter on dark, so that each reaches 3:1 (WCAG 2.2, 1.4.11). Text reaches 4.5:1.
package struct Palette: Sendable {
  package let ink, muted, grid, paper: String
  package let series: [String]

  package static let light = Palette(
    ink: "#1b1f24", muted: "#57606a", grid: "#e3e6ea", paper: "#ffffff",
    series: [
      "#0072b2", "#d55e00", "#00916b", "#b3589a", "#b97c00", "#2f94cf", "#4d4d4d", "#8a8100",
    ])

  package static let dark = Palette(
    ink: "#e8eaed", muted: "#a3acb8", grid: "#343b45", paper: "#171b21",
    series: [
      "#3d9bdc", "#f07f2e", "#1fb98d", "#d98fc0", "#e69f00", "#7cc7f2", "#c4c9d0", "#f0e442",
    ])

  /// As variables of a style sheet.
  package var variables: String {
    let colors =
      [("ink", ink), ("muted", muted), ("grid", grid), ("paper", paper)]
      + series.enumerated().map { ("series-\($0)", $1) }
    return colors.map { "--\($0): \($1);" }.joined(separator: " ")
  }

  package func color(named name: String) -> String {
    switch name {
    case "ink": ink
    case "muted": muted
    case "grid": grid
    case "paper": paper
    default: series[Int(name.dropFirst("series-".count))!]
    }
  }
}
