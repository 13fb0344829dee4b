internal import Configuration
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
  /// - Throws: `unsuitable`, with the nearest spelling of every key or value that the plan doesn't have.
  public init(_ text: String, for plan: Plan) throws(EvaluationError) {
    var problems: [String] = []
    for condition in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = condition.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        problems.append(
          "'\(condition)' is no condition; write key=value, as method=ties,corruption=fog")
        continue
      }
      guard let key = Key(rawValue: parts[0]) else {
        problems.append(Self.unknown(parts[0], among: Key.allCases.map(\.rawValue)))
        continue
      }
      let known = plan.cells.reduce(into: [String]()) { names, cell in
        for name in Self.values(of: key, cell) where !names.contains(name) { names.append(name) }
      }
      guard known.contains(parts[1]) else {
        problems.append("\(key): \(Self.unknown(parts[1], among: known))")
        continue
      }
      wanted.append((key, parts[1]))
    }
    guard problems.isEmpty else { throw .unsuitable(file: "--only \(text)", problems: problems) }
  }

  private static func unknown(_ name: String, among known: [String]) -> String {
    "the plan has no '\(name)'; "
      + (Spelling.nearest(to: name, in: known).map { "did you mean '\($0)'?" }
        ?? "it has \(known.joined(separator: ", "))")
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
