/// The best point of a method's grid, chosen by the test accuracy itself: what tuning on the test
/// labels would give, an upper bound.
struct Oracle: Sendable {
  let name: String
  /// The method at its own setting and at the points of its grid.
  let candidates: [MethodKey]

  /// Of every method of `study` that has a grid.
  static func all(of study: Study) -> [Oracle] {
    study.methods.filter(\.isGridPoint).map(\.name).unique.map { name in
      Oracle(name: name, candidates: study.methods.filter { $0.name == name })
    }
  }

  var title: String { "\(name) (best of grid)" }

  /// The candidate with the highest value; nil if none has one.
  func best(by value: (MethodKey) -> Estimate?) -> MethodKey? {
    candidates.filter { value($0) != nil }.max { value($0)!.value < value($1)!.value }
  }
}
