internal import Results

/// A method with its options, as records tell of it.
struct MethodRow: Hashable, Sendable {
  /// A line of a table: a method, or an oracle, the best of a method's grid and the method as it is.
  struct Line {
    let title: String
    /// One method, or of an oracle all that it is chosen from, the method as it is first.
    let candidates: [MethodRow]
  }

  let name: String
  let title: String
  let isGridPoint: Bool

  init(_ record: ResultRecord) {
    name = record.method
    title = record.methodTitle
    isGridPoint = record.isGridPoint
  }

  /// The lines of a table of `methods`: each method, and after the last choice of one with a grid its
  /// oracle.
  static func lines(of methods: [MethodRow]) -> [Line] {
    let main = methods.filter { !$0.isGridPoint }
    return main.flatMap { method -> [Line] in
      let line = Line(title: method.title, candidates: [method])
      let own = main.filter { $0.name == method.name }
      let grid = methods.filter { $0.name == method.name && $0.isGridPoint }
      guard own.last == method, !grid.isEmpty else { return [line] }
      return [line, Line(title: ComparisonTable.oracleTitle(method.name), candidates: own + grid)]
    }
  }
}
