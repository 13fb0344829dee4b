internal import TensorCore

/// One experiment of one run on one backbone under one protocol: the rows that belong in a table.
package struct Study: Sendable {
  /// How its cells vary.
  package enum Kind: Sendable {
    /// One result per method and evaluated domain.
    case plain
    /// Several adapt streams per evaluated domain: a matrix.
    case crossed
    /// Results after each phase of a continual stream.
    case continual
  }

  package struct Place: Hashable, Sendable {
    package let method: MethodKey
    package let task: String
    package let domain: DomainKey
    /// Empty but in crossed studies.
    package var adaptStream = ""
    /// Nil but in continual studies.
    package var boundary: Int?
  }

  /// Of its run in the report: cells of two runs may have the same key.
  package let runIndex: Int
  /// The run's name, where the report has several; else empty.
  package let runName: String
  package let experiment: String
  /// Which rows of the experiment, where it merges several sets of tasks; else empty.
  package let part: String
  package let backbone: String
  package let protocolName: String
  package let profile: String
  package let kind: Kind
  /// In the order of the rows, and so the tasks and domains.
  package let methods: [MethodKey]
  package let seen: [String]
  package let unseen: [String]
  /// Clean first.
  package let domains: [DomainKey]
  /// Of crossed and continual studies.
  package let adaptStreams: [String]
  package let boundaries: [Int]
  package let seeds: [UInt64]
  /// What gains, counts and corruption errors refer to; nil where the study does not have it.
  package let baseline: MethodKey?
  package let rows: [(place: Place, row: ResultRow)]
  private let index: [Place: [ResultRow]]

  package init(
    runIndex: Int, runName: String, part: MergeSets.Part, kind: Kind, profile: String,
    baseline name: String, rows: [(place: Place, row: ResultRow)]
  ) {
    self.runIndex = runIndex
    self.runName = runName
    self.part = part.name
    self.kind = kind
    self.profile = profile
    self.rows = rows
    experiment = part.experiment
    backbone = rows[0].row.backbone
    protocolName = rows[0].row.protocolName
    methods = rows.map(\.place.method).unique
    seen = rows.filter(\.row.seen).map(\.row.task).unique
    let seenTasks = Set(seen)
    unseen = rows.map(\.row.task).filter { !seenTasks.contains($0) }.unique
    let all = rows.map(\.place.domain).unique
    domains = all.filter(\.isClean) + all.filter { !$0.isClean }
    adaptStreams = rows.map(\.place.adaptStream).filter { !$0.isEmpty }.unique
    boundaries = rows.compactMap(\.place.boundary).unique.sorted()
    seeds = rows.map(\.row.seed).unique.sorted()
    baseline = Self.method(called: name, among: methods)
    index = Dictionary(grouping: rows, by: \.place).mapValues { $0.map(\.row) }
  }

  package var tasks: [String] { seen + unseen }
  package var hasSeveralSeverities: Bool {
    Set(domains.map(\.severity).filter { $0 > 0 }).count > 1
  }
  /// The methods without the points of their grids.
  package var mainMethods: [MethodKey] { methods.filter { !$0.isGridPoint } }
  /// Task arithmetic as it is by default, else as the plan sets it, where adaptations start; nil where
  /// it was not run.
  package var taskArithmetic: MethodKey? {
    Self.method(called: MethodKey.taskArithmetic, among: methods)
  }

  /// The baseline in words.
  package var baselineTitle: String {
    guard let baseline, baseline != taskArithmetic else { return "task arithmetic" }
    return baseline.title
  }

  /// The method that tables call `name`: by its whole title, or by its name alone, then with its own
  /// options, or the first; points of grids don't count.
  package static func method(called name: String, among methods: [MethodKey]) -> MethodKey? {
    let main = methods.filter { !$0.isGridPoint }
    let own = main.filter { $0.name == name }
    return main.first { $0.title == name } ?? own.first { $0.options.isEmpty } ?? own.first
  }

  package var title: String {
    let name = experiment.isEmpty ? "results" : experiment
    return (runName.isEmpty ? "" : "\(runName): ") + name + (part.isEmpty ? "" : " (\(part))")
  }

  /// What was measured, in a line: backbone, protocol, how methods adapted, severity, seeds.
  package var subtitle: String {
    var parts = [backbone]
    if !protocolName.isEmpty { parts.append(protocolName) }
    parts += rows.map(\.row.adaptation).filter { !$0.isEmpty && $0 != "none" }.unique
    let severities = Set(domains.map(\.severity).filter { $0 > 0 }).sorted()
    if severities.count == 1 {
      parts.append("severity \(Severity.text(of: severities[0]))")
    }
    if !profile.isEmpty { parts.append("profile \(profile)") }
    parts.append(
      seeds.count == 1
        ? "seed \(seeds[0])" : "mean and standard deviation over \(seeds.count) seeds")
    return parts.joined(separator: " · ")
  }

  package func title(_ domain: DomainKey) -> String {
    domain.title(withSeverity: hasSeveralSeverities)
  }

  package func rows(at place: Place) -> [ResultRow] { index[place] ?? [] }

  /// The accuracy of `method`: the mean over `tasks`, then over seeds. Nil unless every task and
  /// seed of the study was measured.
  package func accuracy(
    _ method: MethodKey, _ tasks: [String], _ domain: DomainKey, adaptStream: String = "",
    boundary: Int? = nil
  ) -> Estimate? {
    mean(method, tasks, domain, adaptStream, boundary) { row in
      row.accuracy.map { Estimate($0, low: row.accuracyLow, high: row.accuracyHigh) }
    }
  }

  /// The same with one seed, without its uncertainty.
  package func accuracy(
    _ method: MethodKey, _ tasks: [String], _ domain: DomainKey, seed: UInt64
  ) -> Double? {
    let values = tasks.compactMap { task in
      rows(at: Place(method: method, task: task, domain: domain)).first { $0.seed == seed }?
        .accuracy
    }
    return values.count == tasks.count ? values.reduce(0, +) / Double(tasks.count) : nil
  }

  /// The same for any other figure of a row.
  package func mean(
    _ value: (ResultRow) -> Double?, of method: MethodKey, _ tasks: [String], _ domain: DomainKey
  ) -> Double? {
    mean(method, tasks, domain, "", nil) { value($0).map { Estimate($0) } }?.value
  }

  private func mean(
    _ method: MethodKey, _ tasks: [String], _ domain: DomainKey, _ adaptStream: String,
    _ boundary: Int?, _ value: (ResultRow) -> Estimate?
  ) -> Estimate? {
    var bySeed: [Estimate] = []
    let rowsOfTasks = tasks.map { task in
      rows(
        at: Place(
          method: method, task: task, domain: domain, adaptStream: adaptStream, boundary: boundary))
    }
    for seed in seeds {
      var parts: [Estimate] = []
      for rows in rowsOfTasks {
        guard let row = rows.first(where: { $0.seed == seed }), let part = value(row) else {
          return nil
        }
        parts.append(part)
      }
      guard let mean = Estimate.mean(independent: parts) else { return nil }
      bySeed.append(mean)
    }
    return Estimate.mean(overSeeds: bySeed)
  }

  /// The mean over `domains` of the means over `tasks`. The same images are in every domain, so the
  /// intervals' ends are averaged, as over seeds.
  package func accuracy(_ method: MethodKey, _ tasks: [String], over domains: [DomainKey])
    -> Estimate?
  {
    let parts = domains.compactMap { accuracy(method, tasks, $0) }
    guard parts.count == domains.count, var mean = Estimate.mean(overSeeds: parts) else {
      return nil
    }
    mean.seeds = seeds.count
    mean.deviation = seeds.count < 2 ? nil : deviationOverSeeds(method, tasks, domains)
    return mean
  }

  private func deviationOverSeeds(
    _ method: MethodKey, _ tasks: [String], _ domains: [DomainKey]
  ) -> Double? {
    let means = seeds.compactMap { seed -> Estimate? in
      let values = domains.flatMap { domain in
        tasks.compactMap { task in
          rows(at: Place(method: method, task: task, domain: domain))
            .first { $0.seed == seed }?.accuracy
        }
      }
      return values.isEmpty ? nil : Estimate(values.reduce(0, +) / Double(values.count))
    }
    return Estimate.mean(overSeeds: means)?.deviation
  }

  /// Whether a cell of `method` is recorded as failed.
  package func hasFailed(_ method: MethodKey, _ tasks: [String], _ domains: [DomainKey]) -> Bool {
    rows.contains {
      $0.row.hasFailed && $0.place.method == method && tasks.contains($0.place.task)
        && domains.contains($0.place.domain)
    }
  }
}

extension Sequence where Element: Hashable {
  /// The elements without repetition, in the order of their first appearance.
  package var unique: [Element] {
    var known: Set<Element> = []
    return filter { known.insert($0).inserted }
  }
}
