public import Configuration
internal import Streams

/// Which cells of a plan are wanted: `method=ties,corruption=fog`. Conditions on different keys must
/// all hold, of several values of one key one.
public struct CellFilter: Sendable {
  enum Key: String, CaseIterable {
    case experiment, `protocol`, method, corruption, task
  }

  private var wanted: [(key: Key, value: String)] = []

  /// - Parameters:
  ///   - text: conditions `key=value`, with commas between them.
  ///   - plan: whose names the values must be.
  /// - Throws: with the nearest spelling, for a key or value that the plan doesn't have.
  public init(_ text: String, for plan: Plan) throws(ConfigurationError) {
    var problems: [ConfigurationError] = []
    for condition in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = condition.split(separator: "=", maxSplits: 1).map(String.init)
      func place(_ field: String) -> ConfigurationError.Place {
        ConfigurationError.Place(file: "--only", line: 1, field: field)
      }
      guard parts.count == 2 else {
        problems.append(
          .invalid(
            place(String(condition)), problem: "is no condition",
            remedy: "write key=value, as method=ties,corruption=fog"))
        continue
      }
      guard let key = Key(rawValue: parts[0]) else {
        problems.append(
          .unknown(parts[0], at: place(parts[0]), choices: Key.allCases.map(\.rawValue)))
        continue
      }
      let known = plan.cells.reduce(into: [String]()) { names, cell in
        for name in Self.values(of: key, cell) where !names.contains(name) { names.append(name) }
      }
      guard known.contains(parts[1]) else {
        problems.append(.unknown(parts[1], at: place(parts[0]), choices: known))
        continue
      }
      wanted.append((key, parts[1]))
    }
    if let problem = ConfigurationError.joined(problems) { throw problem }
  }

  public func matches(_ cell: Cell) -> Bool {
    Key.allCases.allSatisfy { key in
      let values = wanted.filter { $0.key == key }.map(\.value)
      return values.isEmpty || Self.values(of: key, cell).contains(where: values.contains)
    }
  }

  private static func values(of key: Key, _ cell: Cell) -> [String] {
    switch key {
    case .experiment: [cell.experiment]
    case .protocol: [cell.protocolName.rawValue]
    case .method: [cell.method.name]
    case .corruption: cell.evaluate.phase.domains.map(\.name)
    case .task: cell.tasks
    }
  }
}
