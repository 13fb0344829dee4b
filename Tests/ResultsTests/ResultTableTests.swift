import Foundation
import Results
import Statistics
import SwiftCSV
import TestSupport
import Testing

@Suite("Result table")
struct ResultTableTests {
  @Test("Another reader reads back every value, in full precision")
  func independentReader() throws {
    let rows = [
      exampleRow(exampleRecord(), options: "density=0.2,lambda=0.4"),
      exampleRow(exampleRecord(method: "adamerging", failure: "say \"no\",\r\ntwice")),
    ]
    let table = try CSV<Named>(string: ResultTable.csv(rows))
    #expect(table.header == ResultTable.table.columns.map(\.name))
    #expect(table.rows.count == 2)
    let first = table.rows[0]
    #expect(first["method"] == "ties")
    #expect(first["method_options"] == "density=0.2,lambda=0.4")
    #expect(Double(first["nll_nats"]!) == 0.1 + 0.2)
    #expect(Double(first["mean_entropy_nats"]!) == 1e-7)
    #expect((first["accuracy"], first["error"], first["brier"]) == ("0.3", "0.7", "0.5"))
    let interval = Bootstrap().interval(ofAccuracy: 48, of: 160)
    #expect(Double(first["accuracy_low"]!) == interval.low)
    #expect(Double(first["accuracy_high"]!) == interval.high)
    // 80 images of confidence 0.9 with 48 right, 80 of 0.5 with none: (|48 - 72| + |0 - 40|) / 160.
    let calibrationError = try #require(Double(first["ece"]!))
    #expect(abs(calibrationError - 0.4) < 1e-12)
    #expect((first["seed"], first["samples"], first["threads"]) == ("1", "160", "2"))
    #expect((first["status"], first["reason"], first["recipe_hash"]) == ("done", "", ""))
    #expect((first["corruption"], first["severity"], first["seen"]) == ("clean", "0", "true"))
    #expect((first["entropy_loss_spearman"], first["boundary"]) == ("", ""))
    #expect((first["is_grid_point"], first["schema_version"]) == ("false", "2"))
    let second = table.rows[1]
    #expect((second["status"], second["accuracy"], second["samples"]) == ("failed", "", ""))
    #expect((second["accuracy_low"], second["ece"]) == ("", ""))
    #expect(second["reason"] == "say \"no\",\r\ntwice")
  }

  @Test("The columns are the schema's, in its order; every line ends with CRLF")
  func layout() {
    let text = ResultTable.csv([exampleRow(exampleRecord())])
    let header = """
      method,backbone,task,seen,corruption,severity,protocol,seed,samples,accuracy,\
      mean_entropy_nats,seconds,experiment,method_options,is_grid_point,adaptation,profile,\
      adapt_stream,evaluate_stream,boundary,accuracy_low,accuracy_high,error,nll_nats,ece,brier,\
      largest_class_share,mean_prediction_entropy_nats,entropy_loss_spearman,clamped_share,steps,\
      seconds_per_step,adaptation_seconds,peak_memory_bytes,status,reason,cell,code_version,\
      recipe_hash,weights_hash,data_hash,threads,blas,cpu_path,schema_version
      """
    #expect(text.hasPrefix(header + "\r\n"))
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[2].isEmpty)
    let names = ResultTable.table.columns.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test("Writing replaces the table, and leaves no other file")
  func replace() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/new/results.csv"
    try ResultTable.write([], to: path)
    try ResultTable.write([exampleRow(exampleRecord())], to: path)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == ResultTable.csv([exampleRow(exampleRecord())]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/new").count == 1)
    #expect(throws: ResultError.self) { try ResultTable.write([], to: "\(path)/below/a/file") }
  }

  @Test(
    "Text that a spreadsheet would run as a formula is marked as text",
    arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r\nx"])
  func formulas(text: String) throws {
    let row = exampleRow(exampleRecord(failure: text), task: text)
    let table = try CSV<Named>(string: ResultTable.csv([row]))
    #expect(table.rows[0]["task"] == "'" + text)
    #expect(table.rows[0]["reason"] == "'" + text)
  }

  @Test(
    "A text is read as it was written",
    arguments: ["", "a", "'", "'a", "=1", "'=1", "''-1", "-", "a=1", "' =1"])
  func texts(text: String) {
    #expect(CSVField.readText(CSVField.text(text).encoded) == text)
  }

  @Test("Negative numbers stay numbers")
  func negative() throws {
    let better = exampleMeasurement(outcomes: exampleOutcomes(90, of: 160))
    let rows = [
      exampleRow(exampleRecord(method: "task-arithmetic", measurements: [better])),
      exampleRow(exampleRecord()),
    ]
    let table = try CSV<Named>(
      string: ComparisonTable.table.csv(ComparisonTable.comparisons(rows)))
    #expect(Double(table.rows[0]["accuracy_difference"]!) == -42 / 160.0)
    #expect(table.rows[0]["difference_low"]!.hasPrefix("-0."))
  }
}
