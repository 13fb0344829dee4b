/// The best point of a method's grid, chosen by the test accuracy itself: what tuning on the test
/// labels would give, an upper bound.
package struct Oracle: Sendable {
  package let name: String
  /// The method at its own setting and at the points of its grid.
  package let candidates: [MethodKey]

  /// Of every method of `study` that has a grid.
  package static func all(of study: Study) -> [Oracle] {
    study.methods.filter(\.isGridPoint).map(\.name).unique.map { name in
      Oracle(name: name, candidates: study.methods.filter { $0.name == name })
    }
  }

  package var title: String { "\(name) (best of grid)" }

  /// The candidate with the highest value; nil if none has one.
  package func best(by value: (MethodKey) -> Estimate?) -> MethodKey? {
    candidates.filter { value($0) != nil }.max { value($0)!.value < value($1)!.value }
  }
}
