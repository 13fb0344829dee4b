extension Study {
  /// The studies of `runs`, in the order of their rows.
  ///
  /// - Parameter baseline: what methods are compared to, as tables call it.
  package static func studies(
    of runs: [Run], baseline: String = MethodKey.taskArithmetic
  ) -> [Study] {
    runs.enumerated().flatMap { index, run in
      studies(of: run.results, index, runName: runs.count > 1 ? run.name : "", baseline)
    }
  }

  private struct Group: Hashable {
    let experiment: String
    let backbone: String
    let protocolName: String
  }

  private static func studies(
    of rows: [ResultRow], _ runIndex: Int, runName: String, _ baseline: String
  ) -> [Study] {
    func group(_ row: ResultRow) -> Group {
      Group(
        experiment: row.experiment, backbone: row.backbone, protocolName: row.protocolName)
    }
    let groups = Dictionary(grouping: rows, by: group)
    let parts =
      rows.map(group).unique.flatMap { MergeSets.parts(of: groups[$0]!) }
      + MergeSets.leftOut(of: rows)
    return parts.flatMap { part -> [Study] in
      let rows = part.rows
      // Profiles differ only in corrupted rows; clean ones belong to the study of each.
      let profiles = rows.filter { $0.corruption != DomainKey.cleanName }.map(\.profile).unique
      guard profiles.count > 1 else {
        return [study(rows, runIndex, runName, part, profile: profiles.first ?? "", baseline)]
      }
      return profiles.map { profile in
        study(
          rows.filter { $0.profile == profile || $0.corruption == DomainKey.cleanName }, runIndex,
          runName, part, profile: profile, baseline)
      }
    }
  }

  private static func study(
    _ rows: [ResultRow], _ runIndex: Int, _ runName: String, _ part: MergeSets.Part,
    profile: String, _ baseline: String
  ) -> Study {
    struct Choice: Hashable { let name, options: String }
    struct Case: Hashable {
      let choice: Choice
      let task: String
      let domain: DomainKey
      let seed: UInt64
    }
    func choice(_ row: ResultRow) -> Choice {
      Choice(name: row.method, options: row.methodOptions)
    }
    func domain(_ row: ResultRow) -> DomainKey {
      DomainKey(corruption: row.corruption, severity: row.severity)
    }
    let adaptations = Dictionary(grouping: rows, by: choice).mapValues {
      Set($0.map(\.adaptation)).count
    }
    let cases = Dictionary(grouping: rows) {
      Case(choice: choice($0), task: $0.task, domain: domain($0), seed: $0.seed)
    }
    // A domain is told apart by its stream where one case has several of them.
    let ambiguous = Set(
      cases.filter { Set($0.value.map(\.evaluateStream)).count > 1 }.map(\.key.domain))
    let isContinual = rows.contains { $0.boundary != nil }
    let isCrossed = cases.values.contains { rows in
      Dictionary(grouping: rows, by: \.evaluateStream).values.contains {
        Set($0.map(\.adaptStream)).count > 1
      }
    }
    let kind: Kind = isContinual ? .continual : isCrossed ? .crossed : .plain
    let placed = rows.map { row -> (place: Place, row: ResultRow) in
      var domain = domain(row)
      if ambiguous.contains(domain) || row.corruption == DomainKey.mixedName {
        domain.stream = row.evaluateStream
      }
      let method = MethodKey(
        name: row.method, options: row.methodOptions, isGridPoint: row.isGridPoint,
        variant: adaptations[choice(row)]! > 1 ? row.adaptation : "")
      let place = Place(
        method: method, task: row.task, domain: domain,
        adaptStream: kind == .crossed ? row.adaptStream : "",
        boundary: kind == .continual ? row.boundary : nil)
      return (place, row)
    }
    return Study(
      runIndex: runIndex, runName: runName, part: part, kind: kind, profile: profile,
      baseline: baseline, rows: placed)
  }
}
