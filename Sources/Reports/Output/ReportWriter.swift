internal import Foundation
internal import Results

/// Writes a report into a folder:
///
/// - `report.html`, the page;
/// - `tables/NAME.md`, `.tex` and `.csv`, and all of the Markdown in `tables.md`;
/// - `figures/NAME.svg`, and `.png` where rsvg-convert is installed;
/// - `comparison.csv` of two runs compared.
public struct ReportWriter {
  /// What was written.
  public struct Summary: Sendable {
    public let page: String
    public let tables: Int
    public let figures: Int
    /// Of PNG files; nil where nothing on this machine can make them.
    public let images: Int?
  }

  private let folder: String
  private let converter: PNGConverter?

  /// - Parameter converter: nil leaves the PNG files out.
  public init(folder: String, converter: PNGConverter?) {
    self.folder = folder
    self.converter = converter
  }

  public func write(_ report: Report) throws(ReportError) -> Summary {
    var markdown = "# \(report.title)\n"
    for table in report.tables {
      try write(table.markdown, "tables/\(table.name).md")
      try write(table.latex, "tables/\(table.name).tex")
      try write(table.csv, "tables/\(table.name).csv")
      markdown += "\n\(table.markdown)"
    }
    if !report.tables.isEmpty { try write(markdown, "tables.md") }
    if let difference = report.difference { try write(difference.csv, "comparison.csv") }
    let figures = report.figures
    for figure in figures { try write(figure.file, "figures/\(figure.id).svg") }
    if let converter {
      for figure in figures {
        let png = try converter.png(of: "\(folder)/figures/\(figure.id).svg")
        try write(png, "figures/\(figure.id).png")
      }
    }
    // Last, so that a page that is there has its files beside it.
    try write(report.html, "report.html")
    return Summary(
      page: "\(folder)/report.html", tables: report.tables.count, figures: figures.count,
      images: converter == nil ? nil : figures.count)
  }

  private func write(_ text: String, _ name: String) throws(ReportError) {
    try write(Data(text.utf8), name)
  }

  private func write(_ data: Data, _ name: String) throws(ReportError) {
    let path = "\(folder)/\(name)"
    do {
      try AtomicFile.replace(path, with: data)
    } catch {
      guard case .unwritable(_, let reason) = error else {
        throw .unwritable(path: path, reason: "\(error)")
      }
      throw .unwritable(path: path, reason: reason)
    }
  }
}

extension RunDifference {
  /// As CSV: shares 0 to 1 in full precision.
  package var csv: String {
    let header = [
      "experiment", "method", "method_options", "task", "corruption", "severity", "protocol",
      "adapt_stream", "evaluate_stream", "boundary", "seed", "first_accuracy", "second_accuracy",
      "difference", "difference_low", "difference_high",
    ]
    let lines = cells.map { cell -> [String] in
      let row = cell.row
      return [
        row.experiment, row.method, row.methodOptions, row.task, row.corruption,
        NumberText.short(row.severity), row.protocolName, row.adaptStream, row.evaluateStream,
        row.boundary.map { "\($0)" } ?? "", "\(row.seed)", "\(cell.first.value)",
        "\(cell.second.value)", "\(cell.difference.value)",
        cell.difference.low.map { "\($0)" } ?? "", cell.difference.high.map { "\($0)" } ?? "",
      ]
    }
    return ([header] + lines).map(CSVText.line).joined()
  }
}
