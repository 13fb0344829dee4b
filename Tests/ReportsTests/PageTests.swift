import Foundation
import Reports
import TestSupport
import Testing

@Suite("The page")
struct PageTests {
  private let hostile = "<script>alert(1)</script>\"\u{301} onmouseover=\"x' & \u{0}"

  @Test("Text of the user is text: nothing of it becomes an element or ends an attribute")
  func escaping() throws {
    var sample = SampleRun()
    sample.tasks = [hostile, "cars"]
    for method in SampleRun.methods {
      for corruption in ["clean", "</style><img src=x onerror=alert(2)>"] {
        sample.addCell(
          hostile, "{{protocol}}", method, corruption: corruption,
          severity: corruption == "clean" ? 0 : 3, adapt: "javascript:alert(3)",
          evaluate: corruption, seed: 0, backbone: "]]><b>")
      }
    }
    let folder = try TemporaryFolder()
    try folder.write(sample.resultsCSV(), to: "results.csv")
    let report = try Report(Run.read([folder.path]))
    let html = report.html
    for text in ["<script>alert", "<img src=x", "<b>", "\"\u{301} on"] {
      // By bytes: as characters, a quote with a combining mark is not a quote.
      let isThere = Data(html.utf8).range(of: Data(text.utf8)) != nil
      #expect(!isThere, "\(text)")
    }
    let shows = html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot")
    #expect(shows)
    // The templates' own marks are text as well.
    let keepsBraces = html.contains("{{protocol}}")
    #expect(keepsBraces)
    let hasLink = html.contains("href=\"javascript")
    let hasNull = html.unicodeScalars.contains("\u{0}")
    #expect(!hasLink && !hasNull)
    for figure in report.figures {
      #expect(figure.id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    }
    for table in report.tables {
      #expect(table.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    }
  }

  @Test("The page loads nothing, and its policy allows its own style and script alone")
  func selfContained() throws {
    let html = try Report(read(.full(seeds: [0]))).html
    for text in ["http:", "https:", "src=\"//", "@import", "url("] {
      let others = html.replacing("http://www.w3.org/2000/svg", with: "")
      let isThere = others.contains(text)
      #expect(!isThere, "\(text)")
    }
    #expect(html.contains("default-src &#39;none&#39;"))
    let parts = html.split(separator: "<script>")
    let script = try #require(parts.last?.split(separator: "</script>").first)
    #expect(parts.count == 2)
    #expect(html.contains("sha256-\(SHA256.base64(of: script.utf8))"))
    let style = try #require(
      html.split(separator: "<style>").last?.split(separator: "</style>").first)
    #expect(html.contains("sha256-\(SHA256.base64(of: style.utf8))"))
    #expect(!html.contains(" style=\"") && !html.contains(" onclick"))
  }

  @Test("Two reports of the same runs are equal byte for byte")
  func deterministic() throws {
    let runs = try read(.full(seeds: [0]))
    let areEqual = try Report(runs).html == Report(runs).html
    #expect(areEqual)
  }

  @Test("A run without rows makes a page that says so")
  func empty() throws {
    let folder = try TemporaryFolder()
    try folder.write(SampleRun().resultsCSV(), to: "results.csv")
    let report = try Report(Run.read([folder.path]))
    #expect(report.tables.isEmpty && report.figures.isEmpty)
    #expect(report.html.contains("nothing was measured yet"))
    for absent in ["id=\"tables\"", "id=\"heat-maps\"", "id=\"gallery\"", "id=\"comparison\""] {
      #expect(!report.html.contains(absent), "\(absent)")
    }
  }

  @Test("Parts without data are left out")
  func parts() throws {
    let sample = SampleRun.full(seeds: [0])
    let folder = try TemporaryFolder()
    try folder.write(
      sample.resultsCSV(columns: [
        "method", "backbone", "task", "seen", "corruption", "severity", "protocol", "seed",
        "accuracy", "experiment", "method_options", "is_grid_point",
      ]), to: "results.csv")
    let report = try Report(Run.read([folder.path]))
    #expect(Set(report.sections.map(\.id)) == ["heat-maps", "severity"])
    #expect(!report.html.contains("id=\"gallery\""))
  }

  @Test("Every experiment is folded but the first, with its tables and figures inside")
  func folding() throws {
    var sample = SampleRun()
    for number in 1...10 {
      for method in SampleRun.methods {
        sample.addCell(
          "experiment \(number)", "transductive", method, corruption: "clean", severity: 0,
          adapt: "clean", evaluate: "clean", seed: 0)
      }
    }
    let report = try Report(read(sample))
    let html = report.html
    let parts = html.components(separatedBy: "<details class=\"experiment\" id=\"")
    #expect(parts.count == 11)
    for (index, study) in report.studies.enumerated() {
      let part = parts[index + 1]
      #expect(part.hasPrefix(study.anchor + (index == 0 ? "\" open>" : "\">")))
      for table in study.mainTables { #expect(part.contains("data-table=\"\(table.name)\"")) }
      for section in study.sections {
        #expect(part.contains("<section id=\"\(section.anchor)\""))
        for figure in section.blocks.flatMap(\.figures) {
          #expect(part.contains("id=\"\(figure.id)-figure\""))
        }
      }
      #expect(parts[0].contains("<a href=\"#\(study.anchor)\">experiment \(index + 1)</a>"))
    }
    let anchors =
      report.studies.flatMap { [$0.anchor, $0.tablesAnchor] } + report.sections.map(\.anchor)
    #expect(Set(anchors).count == anchors.count && !anchors.contains(""))
  }

  @Test("Comparisons stand with the experiment that they are of, once")
  func comparisons() throws {
    let report = try Report(read(.full(seeds: [0])))
    for study in report.studies {
      let isCompared = study.sections.contains { $0.id == "paired" }
      let hasRows = report.runs[0].comparisons.contains {
        $0.experiment == study.study.experiment
      }
      #expect(isCompared == hasRows, "\(study.study.title)")
    }
    #expect(report.sections.contains { $0.id == "paired" })
  }

  @Test(
    "SHA-256 gives the digests of FIPS 180-4's examples",
    arguments: [
      ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
      ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE="
      ),
    ])
  func digest(message: String, expected: String) {
    #expect(SHA256.base64(of: message.utf8) == expected)
  }
}
