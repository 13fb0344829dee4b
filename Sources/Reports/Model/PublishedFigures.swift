internal import Foundation

/// The averages that the AdaMerging paper prints, in percent, to stand beside results of the same
/// backbone and the same tasks. They come with the program, `published.json`.
package struct PublishedFigures: Decodable, Sendable {
  package struct EightTasks: Decodable {
    package struct Average: Decodable {
      package let method: String
      package let average: Double
    }
    package let tasks: [String]
    package let averages: [Average]
  }

  package struct UnseenSplit: Decodable {
    package struct Average: Decodable {
      package let method: String
      package let seen: Double
      package let unseen: Double
    }
    package let seen: [String]
    package let unseen: [String]
    package let averages: [Average]
  }

  package struct Corruptions: Decodable {
    package struct Average: Decodable {
      package let method: String
      /// One of each domain.
      package let values: [Double]
    }
    package let tasks: [String]
    package let severity: Double
    package let domains: [String]
    package let averages: [Average]
  }

  package let citation: String
  package let backbone: String
  package let eightTasks: EightTasks
  package let unseenSplits: [UnseenSplit]
  package let corruptions: Corruptions

  package static let adaMerging: PublishedFigures = {
    do {
      return try JSONDecoder().decode(
        PublishedFigures.self, from: Data(PackageResources.published_json))
    } catch {
      preconditionFailure("published.json: \(error)")
    }
  }()

  /// The rows for a table of tasks: only their averages are known.
  package func taskRows(
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
  package func domainRows(
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
