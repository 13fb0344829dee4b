/// Numbers as YAML writes them.
public enum YAMLNumber {
  /// The number that `text` writes (`.5`, `1e-3`, `.nan`, `-.inf`), or nil.
  public static func double(_ text: String) -> Double? {
    switch text.lowercased() {
    case ".nan": .nan
    case ".inf", "+.inf": .infinity
    case "-.inf": -.infinity
    default: text.contains("x") ? nil : Double(text)
    }
  }

  /// The shortest text that reads back as `value`; whole numbers without a fraction.
  public static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
