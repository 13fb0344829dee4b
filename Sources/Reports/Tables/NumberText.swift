internal import Foundation

/// Numbers as a report shows them.
package enum NumberText {
  /// A share in percent with one decimal: `72.4`. No sign before a zero.
  package static func percent(_ share: Double) -> String { fixed(share * 100, 1) }

  /// The same with its sign: `+1.6`, `−0.8`, `0.0`.
  package static func signedPercent(_ share: Double) -> String {
    let text = percent(abs(share))
    return text == "0.0" ? text : share < 0 ? "−\(text)" : "+\(text)"
  }

  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    guard text.hasPrefix("-") else { return text }
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return (isZero ? "" : "−") + text.dropFirst()
  }

  /// Up to four significant digits, for data beside figures.
  package static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6
      ? String(format: "%.0f", value) : String(format: "%.4g", value)
  }

  /// A probability of a test.
  package static func pValue(_ value: Double) -> String {
    value < 0.001 ? "<0.001" : fixed(value, 3)
  }

  /// `72.4 ± 0.3 [70.1, 74.3]`, in percent.
  package static func estimate(_ estimate: Estimate, signed: Bool = false) -> String {
    let show = signed ? signedPercent : percent
    var text = show(estimate.value)
    if let deviation = estimate.deviation { text += " ± \(percent(deviation))" }
    if let interval = interval(estimate, signed: signed) { text += " \(interval)" }
    return text
  }

  package static func interval(_ estimate: Estimate, signed: Bool = false) -> String? {
    guard let low = estimate.low, let high = estimate.high else { return nil }
    let show = signed ? signedPercent : percent
    return "[\(show(low)), \(show(high))]"
  }
}
