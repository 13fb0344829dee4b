/// The tables of a study, shaped as the published ones.
///
/// - Tasks: methods by tasks with their average; with unseen tasks, the seen ones and their
///   average, then the unseen ones and theirs. Of the clean images, or of the only domain.
/// - Corruptions: methods by domains, each the average over the tasks; with unseen tasks one for
///   the seen and one for the unseen ones; and one for each task.
/// - Crossed studies: for each method, adapt streams by evaluated domains.
/// - Continual studies: for each method, finished phases by evaluated domains.
package struct StudyTables {
  package let study: Study
  package let published: PublishedFigures
  /// Of the names of its tables.
  package let prefix: String

  /// What a page shows openly.
  package var main: [ReportTable] {
    switch study.kind {
    case .plain:
      var tables: [ReportTable] = []
      if let domain = study.domains.first(where: \.isClean) ?? study.domains.first,
        study.domains.count == 1 || domain.isClean
      {
        tables.append(taskTable(domain))
      }
      if study.domains.count > 1 {
        tables.append(domainTable(study.seen, name: "corruptions", of: averageText(study.seen)))
        if !study.unseen.isEmpty {
          tables.append(
            domainTable(
              study.unseen, name: "corruptions-unseen",
              of: averageText(study.unseen, adjective: "unseen ")))
        }
      }
      return tables
    case .crossed: return study.mainMethods.compactMap { crossedTable($0) }
    case .continual: return study.mainMethods.compactMap { continualTable($0) }
    }
  }

  /// The corruptions of every task, where there are several of both.
  package var perTask: [ReportTable] {
    guard study.kind == .plain, study.domains.count > 1, study.tasks.count > 1 else { return [] }
    return study.tasks.map { task in
      domainTable([task], name: "task-\(task.slug)", of: task)
    }
  }

  private func averageText(_ tasks: [String], adjective: String = "") -> String {
    tasks.count == 1 ? tasks[0] : "average over \(tasks.count) \(adjective)tasks"
  }

  // MARK: Tasks

  private func taskTable(_ domain: DomainKey) -> ReportTable {
    let (seen, unseen) = (study.seen, study.unseen)
    let hasBoth = !seen.isEmpty && !unseen.isEmpty
    var sets: [[String]] = []
    var columns: [ReportTable.Column] = []
    func add(_ tasks: [String], _ average: String) {
      guard !tasks.isEmpty else { return }
      for (index, task) in tasks.enumerated() {
        columns.append(
          ReportTable.Column(
            title: task, name: task, startsGroup: index == 0 && !columns.isEmpty))
        sets.append([task])
      }
      guard tasks.count > 1 else { return }
      columns.append(
        ReportTable.Column(
          title: average, name: average.slug.replacing("-", with: "_"), startsGroup: true))
      sets.append(tasks)
    }
    add(seen, hasBoth ? "seen average" : "average")
    add(unseen, seen.isEmpty ? "average" : "unseen average")
    let rankedBy = seen.isEmpty ? unseen : seen
    let rows = self.rows(worse: &columns, tasks: study.tasks, domains: [domain]) { method in
      sets.map { cell(study.accuracy(method, $0, domain), method, $0, [domain]) }
    } oracle: { oracle in
      // One point of the grid for the whole row: the best on the seen tasks.
      guard let best = oracle.best(by: { study.accuracy($0, rankedBy, domain) }) else { return nil }
      return sets.map { cell(study.accuracy(best, $0, domain), best, $0, [domain]) }
    }
    let publishedRows = published.taskRows(study, domain: domain, columns: columns)
    return ReportTable(
      name: "\(prefix)-tasks",
      caption: "\(study.title): accuracy in %, \(study.title(domain)) images",
      notes: notes + publishedNote(publishedRows), columns: columns, rows: rows + publishedRows)
  }

  // MARK: Domains

  private func domainTable(_ tasks: [String], name: String, of what: String) -> ReportTable {
    let domains = study.domains
    let corrupted = domains.filter { !$0.isClean }
    var columns = domains.map {
      ReportTable.Column(title: study.title($0), name: $0.stream.isEmpty ? $0.name : $0.stream)
    }
    let hasAverage = corrupted.count > 1
    if hasAverage {
      columns.append(
        ReportTable.Column(
          title: "corrupted average", name: "corrupted_average", startsGroup: true))
    }
    let isWhole = tasks == study.tasks || tasks == study.seen
    let errors = CorruptionErrors(study, tasks)
    if let errors {
      columns.append(
        ReportTable.Column(title: "mCE", name: "mce", startsGroup: true, best: .lowest))
      if errors.hasRelative {
        columns.append(
          ReportTable.Column(title: "relative mCE", name: "relative_mce", best: .lowest))
      }
    }
    func errorCells(_ choice: CorruptionErrors.Choice) -> [ReportTable.Cell] {
      guard let errors else { return [] }
      return ([errors.mean(choice)] + (errors.hasRelative ? [errors.relativeMean(choice)] : []))
        .map { $0.map(ReportTable.Cell.estimate) ?? .missing }
    }
    let rows = self.rows(worse: &columns, tasks: tasks, domains: domains) { method in
      domains.map { cell(study.accuracy(method, tasks, $0), method, tasks, [$0]) }
        + (hasAverage
          ? [cell(study.accuracy(method, tasks, over: corrupted), method, tasks, corrupted)] : [])
        + errorCells { _ in method }
    } oracle: { oracle in
      // The best point of each column.
      let best = domains.map { domain in
        oracle.best { study.accuracy($0, tasks, domain) }
          .flatMap { study.accuracy($0, tasks, domain) }
      }
      let ofCorrupted = zip(domains, best).filter { !$0.0.isClean }.compactMap(\.1)
      let average =
        ofCorrupted.count == corrupted.count ? Estimate.mean(overSeeds: ofCorrupted) : nil
      let averageCell = average.map { Estimate($0.value, low: $0.low, high: $0.high) }
      return (best + (hasAverage ? [averageCell] : []))
        .map { $0.map(ReportTable.Cell.estimate) ?? .missing }
        + errorCells { domain in oracle.best { study.accuracy($0, tasks, domain) } }
    }
    let publishedRows =
      isWhole ? published.domainRows(study, tasks: tasks, domains: domains, columns: columns) : []
    return ReportTable(
      name: "\(prefix)-\(name)", caption: "\(study.title): accuracy in %, \(what)",
      notes: notes + (errors == nil ? [] : [errorNote]) + publishedNote(publishedRows),
      columns: columns, rows: rows + publishedRows)
  }

  private func rows(
    worse columns: inout [ReportTable.Column], tasks: [String], domains: [DomainKey],
    values: (MethodKey) -> [ReportTable.Cell], oracle: (Oracle) -> [ReportTable.Cell]?
  ) -> [ReportTable.Row] {
    let pairs = tasks.count * domains.count
    let hasWorse =
      pairs > 1
      && study.mainMethods.contains { study.worseThanBaseline($0, tasks, domains) != nil }
    if hasWorse {
      columns.append(
        ReportTable.Column(
          title: "below \(study.baselineTitle)",
          name: "worse_than_\(study.baselineTitle.slug.replacing("-", with: "_"))_cells",
          startsGroup: true, best: nil))
    }
    let oracles = Oracle.all(of: study)
    var rows: [ReportTable.Row] = []
    for method in study.mainMethods {
      let worse: [ReportTable.Cell] =
        hasWorse
        ? [
          study.worseThanBaseline(method, tasks, domains).map { .fraction($0.worse, of: $0.total) }
            ?? .missing
        ] : []
      rows.append(
        ReportTable.Row(
          title: method.title, kind: method.isReference ? .reference : .method,
          cells: values(method) + worse))
      let isLast = study.mainMethods.last { $0.name == method.name } == method
      guard isLast, let grid = oracles.first(where: { $0.name == method.name }),
        let cells = oracle(grid)
      else { continue }
      rows.append(
        ReportTable.Row(
          title: grid.title, kind: .oracle, cells: cells + (hasWorse ? [.missing] : [])))
    }
    for grid in oracles where !study.mainMethods.contains(where: { $0.name == grid.name }) {
      guard let cells = oracle(grid) else { continue }
      rows.append(
        ReportTable.Row(
          title: grid.title, kind: .oracle, cells: cells + (hasWorse ? [.missing] : [])))
    }
    return rows
  }

  private func cell(
    _ estimate: Estimate?, _ method: MethodKey, _ tasks: [String], _ domains: [DomainKey]
  ) -> ReportTable.Cell {
    if let estimate { return .estimate(estimate) }
    return study.hasFailed(method, tasks, domains) ? .failed : .missing
  }

  private var notes: [String] { study.subtitle.isEmpty ? [] : ["\(study.subtitle)."] }

  private var errorNote: String {
    "mCE: the mean corruption error in % of that of \(study.baselineTitle); relative mCE: the same of "
      + "what is lost against clean images; lower is better."
  }

  private func publishedNote(_ rows: [ReportTable.Row]) -> [String] {
    rows.isEmpty ? [] : ["Published: \(published.citation)."]
  }

  // MARK: Matrices

  private func crossedTable(_ method: MethodKey) -> ReportTable? {
    let tasks = study.seen.isEmpty ? study.unseen : study.seen
    let streams = study.rows.filter { $0.place.method == method }.map(\.place.adaptStream).unique
    guard streams.count > 1 else { return nil }
    let rows = streams.map { stream in
      ReportTable.Row(
        title: stream, kind: .method,
        cells: study.domains.map {
          cell(study.accuracy(method, tasks, $0, adaptStream: stream), method, tasks, [$0])
        })
    }
    return ReportTable(
      name: "\(prefix)-adapt-evaluate-\(method.title.slug)",
      caption: "\(study.title), \(method.title): accuracy in %, \(averageText(tasks))",
      notes: notes + ["Rows: what it adapted to; columns: what was evaluated."],
      rowHeading: "adapted to", comparesMethods: false, columns: domainColumns, rows: rows)
  }

  private func continualTable(_ method: MethodKey) -> ReportTable? {
    let tasks = study.seen.isEmpty ? study.unseen : study.seen
    let rows = study.boundaries.compactMap { boundary -> ReportTable.Row? in
      let cells = study.domains.map {
        cell(study.accuracy(method, tasks, $0, boundary: boundary), method, tasks, [$0])
      }
      let isEmpty = cells.allSatisfy { if case .missing = $0 { true } else { false } }
      return isEmpty ? nil : ReportTable.Row(title: "\(boundary)", kind: .method, cells: cells)
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      name: "\(prefix)-continual-\(method.title.slug)",
      caption: "\(study.title), \(method.title): accuracy in %, \(averageText(tasks))",
      notes: notes + ["Rows: how many phases of the stream were over."],
      rowHeading: "phases over", comparesMethods: false, columns: domainColumns, rows: rows)
  }

  /// Of matrices, in which rows are no rivals.
  private var domainColumns: [ReportTable.Column] {
    study.domains.map {
      ReportTable.Column(title: study.title($0), name: $0.stream.isEmpty ? $0.name : $0.stream)
    }
  }
}
