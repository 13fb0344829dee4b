internal import Foundation

/// The averages that the AdaMerging paper prints, in percent, to stand beside results of the same
/// backbone and the same tasks. They come with the program, `published.json`.
struct PublishedFigures: Decodable, Sendable {
  struct EightTasks: Decodable {
    struct Average: Decodable {
      let method: String
      let average: Double
    }
    let tasks: [String]
    let averages: [Average]
  }

  struct UnseenSplit: Decodable {
    struct Average: Decodable {
      let method: String
      let seen: Double
      let unseen: Double
    }
    let seen: [String]
    let unseen: [String]
    let averages: [Average]
  }

  struct Corruptions: Decodable {
    struct Average: Decodable {
      let method: String
      /// One of each domain.
      let values: [Double]
    }
    let tasks: [String]
    let severity: Double
    let domains: [String]
    let averages: [Average]
  }

  let citation: String
  let backbone: String
  let eightTasks: EightTasks
  let unseenSplits: [UnseenSplit]
  let corruptions: Corruptions

  static let adaMerging: PublishedFigures = {
    do {
      return try JSONDecoder().decode(
        PublishedFigures.self, from: Data(PackageResources.published_json))
    } catch {
      preconditionFailure("published.json: \(error)")
    }
  }()

  /// The rows for a table of tasks: only their averages are known.
  func taskRows(
    _ study: Study, domain: DomainKey, columns: [ReportTable.Column]
  ) -> [ReportTable.Row] {
    guard matches(study.backbone), domain.isClean else { return [] }
    if study.unseen.isEmpty, Set(study.seen) == Set(eightTasks.tasks) {
      return eightTasks.averages.map { row($0.method, columns, ["average": $0.average]) }
    }
    let split = unseenSplits.first {
      Set($0.seen) == Set(study.seen) && Set($0.unseen) == Set(study.unseen)
    }
    return (split?.averages ?? []).map {
      row($0.method, columns, ["seen_average": $0.seen, "unseen_average": $0.unseen])
    }
  }

  /// The rows for a table of corruptions, at the published severity.
  func domainRows(
    _ study: Study, tasks: [String], domains: [DomainKey], columns: [ReportTable.Column]
  ) -> [ReportTable.Row] {
    guard matches(study.backbone), Set(tasks) == Set(corruptions.tasks) else { return [] }
    var values: [String: [String: Double]] = [:]
    for average in corruptions.averages {
      for (name, value) in zip(corruptions.domains, average.values) {
        let domain = DomainKey(
          corruption: name, severity: name == DomainKey.cleanName ? 0 : corruptions.severity)
        if domains.contains(domain) { values[average.method, default: [:]][domain.name] = value }
      }
    }
    return corruptions.averages.compactMap { average in
      values[average.method].map { row(average.method, columns, $0) }
    }
  }

  /// Whether a backbone, however it is spelt, is the published one.
  private func matches(_ name: String) -> Bool {
    let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
    return plain.contains("vitb32") || plain.contains("vitbasepatch32")
  }

  private func row(
    _ method: String, _ columns: [ReportTable.Column], _ values: [String: Double]
  ) -> ReportTable.Row {
    ReportTable.Row(
      title: "\(method), published", kind: .published,
      cells: columns.map { values[$0.name].map(ReportTable.Cell.published) ?? .missing })
  }
}
