internal import TensorCore

/// What a report says first, in sentences.
package struct Overview: Sendable {
  package struct Card: Sendable {
    /// What was measured.
    package let summary: String
    package let sentences: [String]
    package let warnings: [String]
    /// Of warnings that are too many to show.
    package let furtherWarnings: [String]
  }

  private static let shownWarnings = 4

  package static func card(_ study: Study) -> Card {
    let warnings = warnings(study)
    return Card(
      summary: measured(study), sentences: sentences(study),
      warnings: Array(warnings.prefix(shownWarnings)),
      furtherWarnings: Array(warnings.dropFirst(shownWarnings)))
  }

  private static func sentences(_ study: Study) -> [String] {
    var sentences: [String] = []
    if study.kind == .plain {
      for (tasks, name) in [(study.seen, "seen"), (study.unseen, "unseen")] where !tasks.isEmpty {
        let prefix = study.seen.isEmpty || study.unseen.isEmpty ? "" : "\(name) tasks, "
        let clean = study.domains.filter(\.isClean)
        let shifted = study.domains.filter { !$0.isClean }
        for (domains, what) in [(clean, "clean"), (shifted, "shifted")] where !domains.isEmpty {
          if let sentence = best(study, tasks, domains, "\(prefix)\(what) images") {
            sentences.append(sentence)
          }
        }
      }
      let worse = study.mainMethods.filter { $0.name.hasPrefix("adamerging") }.compactMap {
        method in
        study.worseThanBaseline(method, study.tasks, study.domains).map {
          "\(method.title) \($0.worse) of \($0.total)"
        }
      }
      if !worse.isEmpty {
        sentences.append(
          "Pairs of task and domain below \(study.baselineTitle): \(worse.joined(separator: ", "))."
        )
      }
    }
    if study.kind == .continual {
      sentences += study.mainMethods.compactMap { method in
        guard let last = Forgetting(study, method, tasks: study.mainTasks)?.points.last,
          let forgetting = last.forgetting
        else { return nil }
        return "\(method.title) after \(last.boundary) phases: "
          + "\(NumberText.percent(last.accuracySoFar))\u{A0}% on the shifts so far, forgetting "
          + "\(NumberText.percent(forgetting)) points."
      }
    }
    if study.kind == .crossed { sentences += crossed(study) }
    return sentences
  }

  private static func measured(_ study: Study) -> String {
    let failed = study.rows.filter(\.row.hasFailed).map(\.row.cell).unique.count
    let cells = study.rows.map(\.row.cell).unique.count
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    var text = count(study.methods.count, "method") + ", " + count(study.tasks.count, "task")
    if !study.seen.isEmpty, !study.unseen.isEmpty { text += " (\(study.unseen.count) unseen)" }
    text += ", " + count(study.domains.count, "domain") + ", " + count(cells, "cell")
    return text + (failed > 0 ? "; \(failed) failed." : ".")
  }

  private static func best(
    _ study: Study, _ tasks: [String], _ domains: [DomainKey], _ what: String
  ) -> String? {
    let ranked = study.mainMethods.filter { !$0.isReference }.compactMap { method in
      study.accuracy(method, tasks, over: domains).map { (method: method, estimate: $0) }
    }
    guard ranked.count > 1,
      let best = ranked.max(by: { $0.estimate.value < $1.estimate.value })
    else { return nil }
    var text = "On \(what), \(best.method.title) is best with "
    text += "\(NumberText.estimate(best.estimate))\u{A0}%"
    if let baseline = study.baseline, baseline != best.method,
      let reference = study.accuracy(baseline, tasks, over: domains)
    {
      let gain = NumberText.signedPercent(best.estimate.value - reference.value)
      text += ", \(gain) points against \(study.baselineTitle)"
    }
    return text + "."
  }

  /// How far apart adapting to the evaluated shift and to others are.
  private static func crossed(_ study: Study) -> [String] {
    study.mainMethods.compactMap { method in
      var (own, other): ([Double], [Double]) = ([], [])
      for domain in study.domains {
        for stream in study.adaptStreams {
          guard
            let value = study.accuracy(method, study.mainTasks, domain, adaptStream: stream)?.value
          else { continue }
          if stream.prefix(while: { $0 != "/" }) == domain.name {
            own.append(value)
          } else {
            other.append(value)
          }
        }
      }
      guard !own.isEmpty, !other.isEmpty else { return nil }
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      return
        "\(method.title): \(NumberText.percent(mean(own)))\u{A0}% where it adapted to the shift that "
        + "was evaluated, \(NumberText.percent(mean(other)))\u{A0}% where it adapted to another."
    }
  }

  private static func warnings(_ study: Study) -> [String] {
    Harm(study).collapses.map { collapse in
      var text = "\(collapse.method.title), \(collapse.task), \(study.title(collapse.domain))"
      if !collapse.adaptStream.isEmpty { text += ", adapted to \(collapse.adaptStream.spaced)" }
      if let boundary = collapse.boundary { text += ", after phase \(boundary)" }
      text +=
        ": \(NumberText.percent(collapse.largestClassShare))\u{A0}% of the images in one class"
      if let share = collapse.baselineShare {
        text += " (task arithmetic \(NumberText.percent(share))\u{A0}%)"
      }
      if let accuracy = collapse.accuracy {
        text += ", accuracy \(NumberText.percent(accuracy))\u{A0}%"
      }
      return text + "."
    } + failures(study)
  }

  private static func failures(_ study: Study) -> [String] {
    let failed = study.rows.filter(\.row.hasFailed)
    let byReason = Dictionary(grouping: failed, by: \.row.reason)
    return failed.map(\.row.reason).unique.map { reason in
      let rows = byReason[reason]!
      let methods = rows.map(\.place.method.title).unique.joined(separator: ", ")
      let cells = rows.map(\.row.cell).unique.count
      return "\(cells) failed \(cells == 1 ? "cell" : "cells") of \(methods): "
        + (reason.isEmpty ? "no reason recorded." : reason)
    }
  }

  /// What made the figures, a line for each combination that occurs.
  package static func provenance(_ runs: [Run]) -> DataTable {
    struct Source: Hashable {
      let run, path, codeVersion, backbone, weightsHash, dataHash, threads, blas, cpuPath: String
    }
    let sources = runs.flatMap { run in
      run.results.map { row in
        Source(
          run: run.name, path: run.path, codeVersion: row.codeVersion, backbone: row.backbone,
          weightsHash: row.weightsHash, dataHash: row.dataHash, threads: row.threads,
          blas: row.blas, cpuPath: row.cpuPath)
      }
    }
    let counts = Dictionary(sources.map { ($0, 1) }, uniquingKeysWith: +)
    return DataTable(
      caption: "What made these figures",
      columns: [
        "run", "folder", "rows", "code version", "backbone", "weights", "data", "threads", "BLAS",
        "CPU path",
      ],
      rows: sources.unique.map { source in
        [
          .text(source.run), .text(source.path), DataTable.number(Double(counts[source]!)),
          .text(source.codeVersion), .text(source.backbone), .text(source.weightsHash),
          .text(source.dataHash), .text(source.threads), .text(source.blas), .text(source.cpuPath),
        ]
      })
  }

  /// The recipes of the corruptions.
  package static func recipes(_ runs: [Run]) -> DataTable? {
    struct Recipe: Hashable {
      let corruption: String
      let severity: Double
      let profile: String
      let hash: String
    }
    let recipes = runs.flatMap(\.results).filter { !$0.recipeHash.isEmpty }.map {
      Recipe(
        corruption: $0.corruption, severity: $0.severity, profile: $0.profile, hash: $0.recipeHash)
    }.unique
    guard !recipes.isEmpty else { return nil }
    return DataTable(
      caption: "Recipes of the corruptions",
      columns: ["corruption", "severity", "profile", "recipe"],
      rows: recipes.map {
        [
          .text($0.corruption), .number($0.severity, Severity.text(of: $0.severity)),
          .text($0.profile), .text($0.hash),
        ]
      })
  }
}
