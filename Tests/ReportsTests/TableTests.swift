import Foundation
import Reports
import SwiftCSV
import TestSupport
import Testing

@Suite("Tables")
struct TableTests {
  private func tables(_ sample: SampleRun) throws -> [ReportTable] {
    try Report(read(sample)).tables
  }

  @Test("The CSV of the corruption table holds the means of results.csv, read by another reader")
  func means() throws {
    let sample = SampleRun.full()
    let table = try #require(try tables(sample).first { $0.name.hasSuffix("-corruptions") })
    let written = try CSV<Named>(string: table.csv)
    let source = try CSV<Named>(string: sample.resultsCSV())
    #expect(written.rows.count == 7)
    for row in written.rows where row["kind"] != "oracle" {
      for (column, corruption, severity) in [
        ("clean", "clean", "0"), ("motion_blur-5", "motion_blur", "5"),
        ("gaussian_noise-1", "gaussian_noise", "1"),
      ] {
        let rows = source.rows.filter {
          $0["experiment"] == "corruptions" && $0["method"] == row["method"]
            && $0["is_grid_point"] == "false" && $0["corruption"] == corruption
            && $0["severity"] == severity
        }
        #expect(rows.count == 6)
        let mean = rows.map { Double($0["accuracy"]!)! }.reduce(0, +) / 6
        #expect(abs(Double(row[column]!)! - mean) < 1e-12)
        let low = Double(row["\(column)_low"]!)!
        #expect(low < mean && low > mean - 0.06)
        #expect(Double(row["\(column)_std_over_seeds"]!)! < 0.05)
      }
    }
  }

  @Test("The average over corrupted domains is their mean, its deviation over seeds as well")
  func average() throws {
    let sample = SampleRun.full()
    let table = try #require(try tables(sample).first { $0.name.hasSuffix("-corruptions") })
    let column = try #require(table.columns.firstIndex { $0.name == "corrupted_average" })
    let row = try #require(table.rows.first { $0.title == "ties" })
    guard case .estimate(let estimate) = row.cells[column] else {
      Issue.record("no estimate")
      return
    }
    let bySeed = ["0", "1"].map { seed -> Double in
      let values = sample.results.filter {
        $0["experiment"] == "corruptions" && $0["method"] == "ties" && $0["seed"] == seed
          && $0["corruption"] != "clean"
      }.map { Double($0["accuracy"]!)! }
      #expect(values.count == 27)
      return values.reduce(0, +) / 27
    }
    #expect(abs(estimate.value - (bySeed[0] + bySeed[1]) / 2) < 1e-12)
    #expect(abs(estimate.deviation! - abs(bySeed[0] - bySeed[1]) / 2.0.squareRoot()) < 1e-12)
  }

  @Test("Corruption errors are in units of the baseline's, which has 1, by their definition")
  func corruptionErrors() throws {
    let sample = SampleRun.full()
    let table = try #require(try tables(sample).first { $0.name.hasSuffix("-corruptions") })
    let written = try CSV<Named>(string: table.csv)
    // E by method, corruption, severity and seed, the mean over tasks.
    func error(_ method: String, _ corruption: String, _ severity: String, _ seed: String) -> Double
    {
      let rows = sample.results.filter {
        $0["experiment"] == "corruptions" && $0["method"] == method && $0["method_options"] == ""
          && $0["corruption"] == corruption && $0["severity"] == severity && $0["seed"] == seed
      }
      #expect(rows.count == 3)
      return rows.reduce(0) { $0 + 1 - Double($1["accuracy"]!)! } / 3
    }
    func meanError(_ method: String, _ seed: String, isRelative: Bool) -> Double {
      let ratios = ["motion_blur", "gaussian_noise", "jpeg_compression"].map {
        corruption -> Double in
        let sums = [method, "task-arithmetic"].map { name in
          ["1", "3", "5"].reduce(0) {
            $0 + error(name, corruption, $1, seed)
              - (isRelative ? error(name, "clean", "0", seed) : 0)
          }
        }
        return sums[0] / sums[1]
      }
      return ratios.reduce(0, +) / 3
    }
    for row in written.rows where row["kind"] != "oracle" {
      for (column, isRelative) in [("mce", false), ("relative_mce", true)] {
        let bySeed = ["0", "1"].map { meanError(row["method"]!, $0, isRelative: isRelative) }
        #expect(abs(Double(row[column]!)! - (bySeed[0] + bySeed[1]) / 2) < 1e-12)
        let deviation = abs(bySeed[0] - bySeed[1]) / 2.0.squareRoot()
        #expect(abs(Double(row["\(column)_std_over_seeds"]!)! - deviation) < 1e-12)
        if row["method"] == "task-arithmetic" { #expect(Double(row[column]!)! == 1) }
      }
    }
    // The best of each domain can't do worse than the method itself.
    let oracle = try #require(written.rows.first { $0["kind"] == "oracle" })
    #expect(Double(oracle["mce"]!)! <= 1)
    #expect(table.legend.joined().contains("mCE: the mean corruption error in % of that of task"))
  }

  @Test("Of corruption errors the lowest is the best")
  func lowest() throws {
    let table = try #require(try tables(.full()).first { $0.name.hasSuffix("-corruptions") })
    for name in ["mce", "relative_mce"] {
      let column = try #require(table.columns.firstIndex { $0.name == name })
      let values = table.rows.enumerated().compactMap { index, row -> (Int, Double)? in
        guard row.kind == .method, case .estimate(let value) = row.cells[column] else { return nil }
        return (index, value.value)
      }
      let least = try #require(values.min { $0.1 < $1.1 })
      #expect(table.isBest(row: least.0, column: column))
      #expect(values.count { table.isBest(row: $0.0, column: column) } < values.count)
    }
  }

  @Test("Another baseline has 1, and counts and gains refer to it")
  func namedBaseline() throws {
    let report = try Report(read(.full()), baseline: "ties")
    let table = try #require(report.tables.first { $0.name.hasSuffix("-corruptions") })
    let rows = try CSV<Named>(string: table.csv).rows
    #expect(rows.first { $0["method"] == "ties" }.flatMap { Double($0["mce"]!) } == 1)
    #expect(table.columns.last?.title == "below ties")
    #expect(table.columns.last?.name == "worse_than_ties_cells")
    #expect(report.html.contains("gain over ties"))
    // The others' rivals in collapse and forward transfer stay those of task arithmetic.
    #expect(report.html.contains("minus that of task arithmetic"))
    let byOptions = Study.studies(of: try read(.full()), baseline: "task-arithmetic (lambda=0.4)")
    #expect(byOptions[0].baseline == nil, "a point of a grid is no method")
  }

  @Test("A baseline that no experiment has is refused with what there is")
  func unknownBaseline() throws {
    let runs = try read(.full(seeds: [0]))
    let error = #expect(throws: ReportError.self) { try Report(runs, baseline: "tise") }
    #expect(
      "\(error!)"
        == "--baseline: the results have no method 'tise'; they have pretrained, individual, "
        + "task-arithmetic, ties, adamerging-taskwise, adamerging-layerwise")
  }

  @Test("Without task arithmetic there is no corruption error, and no count")
  func noBaseline() throws {
    var sample = SampleRun()
    for method in SampleRun.methods where method.name != "task-arithmetic" {
      for corruption in ["clean", "fog"] {
        sample.addCell(
          "c", "transductive", method, corruption: corruption,
          severity: corruption == "clean" ? 0 : 3, adapt: corruption, evaluate: corruption, seed: 0)
      }
    }
    let table = try #require(try tables(sample).first { $0.name.hasSuffix("-corruptions") })
    #expect(table.columns.map(\.name) == ["clean", "fog-3"])
  }

  @Test("Seen and unseen tasks have their own averages")
  func unseen() throws {
    let table = try #require(try tables(.full()).first { $0.name == "unseen-unseen-tasks" })
    #expect(
      table.columns.map(\.title)
        == ["cars", "eurosat", "seen average", "house-numbers", "below task arithmetic"])
  }

  @Test("Best in bold, but neither a reference nor an oracle; intervals in brackets")
  func marks() throws {
    let table = try #require(try tables(.full()).first { $0.name.hasSuffix("-corruptions") })
    let lines = table.markdown.split(separator: "\n")
    func line(_ title: String) -> Substring { lines.first { $0.hasPrefix("| \(title) ") } ?? "" }
    #expect(
      line("adamerging-layerwise").contains(
        /\| \*\*\d\d\.\d\*\* ± \d\.\d \[\d\d\.\d, \d\d\.\d\] \|/))
    #expect(!line("individual").contains("**"))
    #expect(line("task-arithmetic (best of grid) *oracle*").count > 10)
    #expect(!line("task-arithmetic (best of grid) *oracle*").contains("**"))
    #expect(!table.markdown.contains("lambda=0.4"))
    #expect(table.latex.contains(#"\toprule"#) && table.latex.contains(#"\bottomrule"#))
    #expect(table.latex.contains("average over 3 tasks. vit-mini"))
    #expect(table.latex.contains(#"\textbf{"#) && table.latex.contains(#"$^{\dagger}$"#))
  }

  @Test("Values that are equal as shown are all best")
  func ties() {
    let column = ReportTable.Column(title: "a", name: "a")
    func row(_ value: Double) -> ReportTable.Row {
      ReportTable.Row(title: "m", kind: .method, cells: [.estimate(Estimate(value))])
    }
    let table = ReportTable(
      name: "t", caption: "c", columns: [column], rows: [row(0.50001), row(0.50004), row(0.4)])
    #expect((0..<3).map { table.isBest(row: $0, column: 0) } == [true, true, false])
    let single = ReportTable(name: "t", caption: "c", columns: [column], rows: [row(0.5)])
    #expect(!single.isBest(row: 0, column: 0))
  }

  private func eight(backbone: String, tasks: [String]) throws -> ReportTable {
    var sample = SampleRun()
    sample.tasks = tasks
    for method in SampleRun.methods.prefix(3) {
      sample.addCell(
        "eight", "transductive", method, corruption: "clean", severity: 0, adapt: "clean",
        evaluate: "clean", seed: 0, backbone: backbone)
    }
    return try tables(sample)[0]
  }

  @Test("Published figures stand beside ours for the same backbone and tasks, and only then")
  func published() throws {
    let tasks = ["sun397", "cars", "resisc45", "eurosat", "svhn", "gtsrb", "mnist", "dtd"]
    let table = try eight(backbone: "openai/clip-vit-base-patch32", tasks: tasks.reversed())
    let rows = table.rows.filter { $0.kind == .published }
    #expect(rows.count == 9 && table.legend.joined().contains("2310.02575"))
    let row = try #require(rows.first { $0.title == "adamerging-layerwise++, published" })
    let average = try #require(table.columns.firstIndex { $0.name == "average" })
    guard case .published(81.1) = row.cells[average] else {
      Issue.record("not 81.1")
      return
    }
    #expect(table.csv.contains("\"adamerging-layerwise++, published\",published,"))
    for (backbone, tasks) in [
      ("ViT-B/16", tasks), ("ViT-B/32", Array(tasks.dropLast())), ("ViT-B/32", tasks + ["x"]),
    ] {
      let other = try eight(backbone: backbone, tasks: tasks)
      #expect(!other.rows.contains { $0.kind == .published })
      #expect(!other.legend.joined().contains("2310.02575"))
    }
  }

  @Test("Published corruption figures need severity 2")
  func publishedCorruptions() throws {
    for (severity, count) in [(2, 3), (3, 3)] {
      var sample = SampleRun()
      sample.tasks = ["cars", "eurosat", "resisc45", "gtsrb"]
      for corruption in ["clean", "motion_blur"] {
        let own = corruption == "clean" ? 0 : severity
        sample.addCell(
          "k4", "transductive", SampleRun.methods[2], corruption: corruption, severity: own,
          adapt: "x", evaluate: "\(corruption)-\(own)", seed: 0, backbone: "ViT-B/32")
      }
      let table = try #require(try tables(sample).first { $0.name.hasSuffix("-corruptions") })
      let rows = table.rows.filter { $0.kind == .published }
      #expect(rows.count == count)
      guard case .published(79.8) = rows[0].cells[0] else {
        Issue.record("clean is not 79.8")
        return
      }
      if case .published(69.4) = rows[0].cells[1] {
        #expect(severity == 2)
      } else {
        #expect(severity == 3)
      }
    }
  }

  @Test("Text of the user is text in Markdown, LaTeX and CSV")
  func escaping() throws {
    let column = ReportTable.Column(title: "a|b_<i>", name: "a,\"b\"")
    let table = ReportTable(
      name: "t", caption: #"50% \cmd{x} ~^ $"#, columns: [column],
      rows: [ReportTable.Row(title: "x&y#\nz", kind: .method, cells: [.missing])])
    #expect(table.markdown.contains(#"a\|b\_&lt;i&gt;"#))
    #expect(table.markdown.contains(##"| x&amp;y\# z | – |"##))
    #expect(
      table.latex.contains(
        #"50\% \textbackslash{}cmd\{x\} \textasciitilde{}\textasciicircum{} \$"#))
    #expect(table.latex.contains(##"x\&y\# z & -- \\"##))
    #expect(table.csv.hasPrefix("method,kind,\"a,\"\"b\"\"\",\"a,\"\"b\"\"_low\""))
  }

  @Test(
    "LaTeX gets every sign that it would take for something else as text",
    arguments: [
      ("_", #"\_"#), ("&", #"\&"#), ("%", #"\%"#), ("#", ##"\#"##), ("$", #"\$"#), ("{", #"\{"#),
      ("}", #"\}"#), ("~", #"\textasciitilde{}"#), ("^", #"\textasciicircum{}"#),
      ("\\", #"\textbackslash{}"#), ("<", #"\textless{}"#), (">", #"\textgreater{}"#),
      ("|", #"\textbar{}"#), ("\"", "{''}"), ("`", #"\`{}"#), ("±", #"$\pm$"#), ("−", "$-$"),
      ("·", #"$\cdot$"#), ("--", "-{}-"), (",,", ",{},"), ("''", "'{}'"), ("\u{A0}", "~"),
      ("\n", " "), ("\u{7}", "?"), ("\u{85}", "?"), ("é", "é"),
    ])
  func latex(text: String, expected: String) {
    #expect(ReportTable.latexText("a\(text)b") == "a\(expected)b")
  }

  @Test("A LaTeX heading of several words stands on as many lines")
  func latexHeadings() {
    let table = ReportTable(
      name: "t", caption: "c",
      columns: [
        ReportTable.Column(title: "gaussian noise 3", name: "a"),
        ReportTable.Column(title: "a_b", name: "b"),
      ], rows: [])
    #expect(
      table.latex.contains(#"    method & \shortstack[r]{gaussian\\noise\\3} & a\_b \\"#))
  }

  @Test("A failed cell says so")
  func failed() throws {
    var sample = SampleRun.full(seeds: [0])
    sample.change(0, "accuracy", to: "")
    sample.change(0, "status", to: "failed")
    sample.change(0, "reason", to: "no weights")
    let report = try Report(read(sample))
    #expect(report.tables[0].markdown.contains("| pretrained | failed |"))
    #expect(report.html.contains("1 failed cell of pretrained: no weights"))
  }
}
