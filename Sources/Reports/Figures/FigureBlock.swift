/// Figures of one study that are seen together.
package struct FigureBlock: Sendable {
  /// Begins with the study's, as those of its figures do.
  package let title: String
  package var subtitle = ""
  package let figures: [Figure]
  /// Shown once for all of them; empty where each chart needs none or has its own.
  package var legend: [LegendEntry] = []
  /// Whether the page hides it until it is asked for.
  package var isFolded = false
}

/// Figures of one study that answer one question, with a heading.
package struct FigureSection: Sendable {
  /// The same in every study.
  package let id: String
  /// Of the section on the page, unique in a report.
  package var anchor = ""
  package let title: String
  /// What the figures show and how to read them.
  package let introduction: String
  package let blocks: [FigureBlock]
}

/// What figures need beside their data: ids that are unique, and one style for each method
/// throughout the report.
package struct FigureMaker {
  private var used: Set<String> = []
  private let styles: [String: Int]

  package init(studies: [Study]) {
    let titles = studies.flatMap(\.mainMethods).map(\.title).unique
    styles = Dictionary(uniqueKeysWithValues: titles.enumerated().map { ($1, $0) })
  }

  /// Of its colour, marker and dashes.
  package func style(_ method: MethodKey) -> Int { style(titled: method.title) }

  package func style(titled title: String) -> Int { styles[title] ?? 0 }

  /// A new id made of `parts`.
  package mutating func id(_ parts: String...) -> String {
    let base = parts.filter { !$0.isEmpty }.map(\.slug).joined(separator: "-")
    var id = base
    var number = 2
    while !used.insert(id).inserted {
      id = "\(base)-\(number)"
      number += 1
    }
    return id
  }
}

extension Study {
  /// For ids.
  package var slug: String {
    [runName, experiment, part, protocolName].filter { !$0.isEmpty }.joined(separator: "-").slug
  }

  /// The tasks that the averages of figures go over.
  package var mainTasks: [String] { seen.isEmpty ? unseen : seen }

  /// `average over 4 tasks`, or the only one's name.
  package func averageText(_ tasks: [String]) -> String {
    tasks.count == 1 ? tasks[0] : "average over \(tasks.count) tasks"
  }
}
