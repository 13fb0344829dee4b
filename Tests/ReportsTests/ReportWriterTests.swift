import Foundation
import Reports
import TestSupport
import Testing

@Suite("Files of a report")
struct ReportWriterTests {
  private static let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""
  static let converter = PNGConverter(searchPath: searchPath)

  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
  }

  @Test("Page, tables and figures are written, and nothing else; without a converter no PNG")
  func written() throws {
    let folder = try TemporaryFolder()
    let report = try Report(read(.full(seeds: [0])))
    let target = "\(folder.path)/new/report"
    let summary = try ReportWriter(folder: target, converter: nil).write(report)
    #expect(summary.tables == report.tables.count && summary.images == nil)
    let names = try files(target)
    #expect(
      Set(names)
        == Set(
          ["report.html", "tables.md", "tables", "figures"]
            + report.figures.map { "figures/\($0.id).svg" }
            + report.tables.flatMap { table in
              ["md", "tex", "csv"].map { "tables/\(table.name).\($0)" }
            }))
    #expect(try String(contentsOfFile: summary.page, encoding: .utf8) == report.html)
  }

  @Test("Every figure becomes a PNG of twice its size", .enabled(if: converter != nil))
  func images() throws {
    let folder = try TemporaryFolder()
    var sample = SampleRun()
    for method in SampleRun.methods {
      sample.addCell(
        "clean", "transductive", method, corruption: "clean", severity: 0, adapt: "clean",
        evaluate: "clean", seed: 0)
    }
    let report = try Report(read(sample))
    let summary = try ReportWriter(folder: folder.path, converter: Self.converter).write(report)
    #expect(summary.images == report.figures.count && report.figures.count > 3)
    for figure in report.figures {
      let png = try Data(
        contentsOf: URL(filePath: "\(folder.path)/figures/\(figure.id).png"))
      let width = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
      #expect(abs(Double(width) - 2 * figure.chart.width) <= 2, "\(figure.id)")
    }
  }

  @Test("A converter is found on the path or not at all")
  func search() {
    #expect(PNGConverter(searchPath: "") == nil && PNGConverter(searchPath: "/nowhere:/") == nil)
    #expect(PNGConverter.installHint.contains("librsvg2-bin"))
  }

  @Test("A folder that can't be written is named")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    try folder.write("a file", to: "taken")
    let report = try Report(read(.full(seeds: [0])))
    let error = #expect(throws: ReportError.self) {
      try ReportWriter(folder: "\(folder.path)/taken", converter: nil).write(report)
    }
    #expect("\(error!)".contains("\(folder.path)/taken/"))
  }
}

@Suite("The page in a browser")
struct BrowserTests {
  private static let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":").map(String.init)

  private static func find(_ names: [String]) -> String? {
    folders.lazy.flatMap { folder in names.map { "\(folder)/\($0)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static var hasBrowser: Bool {
    find(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) != nil
      && find(["python3"]) != nil
  }

  /// What check-report says of a report of `runs`.
  private func check(
    _ runs: [String], _ report: Report, in folder: TemporaryFolder, options: [String] = []
  ) throws {
    let summary = try ReportWriter(folder: "\(folder.path)/report", converter: nil).write(report)
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "script/check-report")
    let process = Process()
    process.executableURL = URL(filePath: Self.find(["python3"])!)
    process.arguments = [script.path(percentEncoded: false), summary.page] + runs + options
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("checks passed"))
  }

  @Test(
    "It loads silently, sorts, folds, switches theme, fits a phone and shows the figures of the CSV",
    .enabled(if: hasBrowser, "needs Chromium and Python: script/setup --browser"))
  func page() throws {
    let folder = try TemporaryFolder()
    try SampleRun.full().write(to: folder.path)
    try check([folder.path], Report(Run.read([folder.path])), in: folder)
  }

  @Test(
    "Of two runs compared, with another baseline, it shows the figures of both CSVs",
    .enabled(if: hasBrowser, "needs Chromium and Python: script/setup --browser"))
  func severalRuns() throws {
    let folder = try TemporaryFolder()
    let paths = ["one/run", "two/run"].map { "\(folder.path)/\($0)" }
    let first = SampleRun.full(seeds: [0])
    var second = first
    for row in 0..<20 { second.change(row, "accuracy", to: "0.5") }
    for (sample, path) in zip([first, second], paths) { try sample.write(to: path) }
    try check(
      paths, Report(Run.read(paths), compares: true, baseline: "ties"), in: folder,
      options: ["--baseline", "ties"])
  }
}
