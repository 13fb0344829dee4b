import ArgumentParser
import Corruptions
import TensorCore

/// Severities as the command line takes them: `3`, `2.5`, `1,3,5`, `1-5`.
struct SeverityList: ExpressibleByArgument, Equatable {
  let values: [Double]

  static let all = SeverityList(values: Corruption.severityRange.map(Double.init))

  init(values: [Double]) { self.values = values }

  init?(argument: String) {
    var values: [Double] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
      switch ends.count {
      case 1:
        guard let value = Double(part), Self.range.contains(value) else { return nil }
        values.append(value)
      case 2:
        guard let first = Int(ends[0]), let last = Int(ends[1]), first <= last,
          Self.range.contains(Double(first)), Self.range.contains(Double(last))
        else { return nil }
        values += (first...last).map(Double.init)
      default: return nil
      }
    }
    guard Set(values).count == values.count else { return nil }
    self.values = values
  }

  private static var range: ClosedRange<Double> { Corruption.fractionalSeverityRange }
}

extension Severity {
  /// A single severity of the command line.
  init(argument: String) throws {
    guard let value = Double(argument), let severity = Severity(validating: value) else {
      throw ValidationError("'\(argument)' is not a severity: above 0 and at most 5")
    }
    self = severity
  }
}

/// Names apart by commas, as `fog,snow`.
struct NameList: ExpressibleByArgument, Equatable {
  let names: [String]

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains(""), Set(names).count == names.count else { return nil }
    self.names = names
  }
}
