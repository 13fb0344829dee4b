internal import Configuration

extension Experiment {
  /// Its method that tables call `name`: by the whole title, as `ties (lambda=0.4)`, or by the name
  /// alone, then with the method's own options, or the first; points of grids don't count.
  package func method(called name: String) -> MethodChoice? {
    let choices = methods.filter { !$0.isGridPoint }
    let own = choices.filter { $0.name == name }
    return choices.first { $0.title == name } ?? own.first(where: \.optionsText.isEmpty)
      ?? own.first
  }
}

extension Plan {
  /// Refuses a baseline for its tables that no experiment runs.
  ///
  /// - Throws: `unknownBaseline`, with what there is.
  public func check(baseline name: String) throws(EvaluationError) {
    guard !experiments.contains(where: { $0.method(called: name) != nil }) else { return }
    var known: [String] = []
    for method in experiments.flatMap(\.methods) where !method.isGridPoint {
      if !known.contains(method.title) { known.append(method.title) }
    }
    throw .unknownBaseline(name, plan: file, known: known)
  }
}
