import Foundation
import Reports
import TestSupport
import Testing

@Suite("Run folders")
struct RunTests {
  private func refusal(_ column: String, _ value: String) throws -> String {
    var run = SampleRun.full(seeds: [0])
    run.change(4, column, to: value)
    let folder = try TemporaryFolder()
    try run.write(to: folder.path)
    let error = #expect(throws: ReportError.self) { try Run.read([folder.path]) }
    return "\(error!)".replacing(folder.path, with: "RUN")
  }

  @Test(
    "A wrong field is refused with file, line and column",
    arguments: [
      ("accuracy", "1.5", "a number from 0 to 1"), ("accuracy", "high", "a number from 0 to 1"),
      ("accuracy", "nan", "a number from 0 to 1"), ("severity", "6", "a number from 0.0 to 5.0"),
      ("seen", "yes", "true or false"), ("seed", "-1", "a whole number of at least 0"),
      ("samples", "1.5", "a whole number from 0 to 1000000000"),
      ("status", "ok", "one of done, failed"),
      ("mean_entropy_nats", "-1", "a number from 0.0 to 1000000000000000.0"),
      ("method", "", "a name"),
      ("samples", "9223372036854775807", "a whole number from 0 to 1000000000"),
      ("boundary", "1000000000000", "a whole number from 0 to 100000"),
      ("adaptation_seconds", "1e300", "a number from 0.0 to 1000000000000000.0"),
      ("schema_version", "3", "a version up to 2 (a newer MergeShift wrote this file)"),
    ])
  func wrongField(column: String, value: String, expected: String) throws {
    #expect(
      try refusal(column, value)
        == "RUN/results.csv:6: column '\(column)' holds '\(value)'; \(expected) is needed")
  }

  @Test("An interval whose ends are the wrong way round is refused")
  func interval() throws {
    #expect(try refusal("accuracy_low", "0.999").contains("results.csv:6: column 'accuracy_low'"))
  }

  @Test("The first layout of results.csv, with fewer columns and other names, is read")
  func firstSchema() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      method,backbone,task,seen,corruption,severity,protocol,seed,samples,accuracy,mean_entropy
      ties,vit,cars,true,clean,0,paper(steps=3),7,160,0.25,1.5
      """, to: "results.csv")
    let run = try Run.read([folder.path])[0]
    let row = run.results[0]
    #expect(row.accuracy == 0.25 && row.meanEntropy == 1.5 && row.seed == 7)
    #expect(row.adaptation == "paper(steps=3)" && row.protocolName.isEmpty)
    #expect(row.accuracyLow == nil && row.boundary == nil && !row.hasFailed && !row.isGridPoint)
    #expect(run.steps.isEmpty && run.comparisons.isEmpty && run.gallery.isEmpty)
  }

  @Test("Columns may come in any order, and others between them")
  func order() throws {
    let sample = SampleRun.full(seeds: [0])
    let folder = try TemporaryFolder()
    try folder.write(
      sample.resultsCSV(columns: ["extra"] + SampleRun.resultColumns.reversed()),
      to: "results.csv")
    let rows = try Run.read([folder.path])[0].results
    #expect(rows.count == sample.results.count)
    #expect(rows.map(\.task) == sample.results.map { $0["task"]! })
  }

  @Test("The other files are checked like results.csv")
  func otherFiles() throws {
    let folder = try TemporaryFolder()
    try SampleRun.full(seeds: [0]).write(to: folder.path)
    for (name, text, message) in [
      ("steps.csv", "cell,step,task\nc,one,t\n", "steps.csv:2: column 'step' holds 'one'"),
      (
        "steps.csv", "cell,step,task,online_correct,online_samples\nc,1,t,5,4\n",
        "steps.csv:2: column 'online_correct' holds '5'; a number up to online_samples, 4, is needed"
      ),
      ("coefficients.csv", "cell,expert,layer\n", "coefficients.csv:1: there is no column"),
      (
        "reliability.csv",
        "cell,task,bin,lower,upper,samples,mean_confidence,accuracy\nc,t,0,0,2,1,0,0\n",
        "reliability.csv:2: column 'upper' holds '2'"
      ),
      ("comparisons.csv", "task\nx,y\n", "comparisons.csv:2: 2 fields, where the header has 1"),
    ] {
      let kept = try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)"))
      try folder.write(text, to: name)
      let error = #expect(throws: ReportError.self) { try Run.read([folder.path]) }
      #expect("\(error!)".contains(message), "\(error!)")
      try folder.write(kept, to: name)
    }
  }

  @Test("Gallery images say task, corruption and severity by their names, and have to be PNG")
  func gallery() throws {
    let folder = try TemporaryFolder()
    try SampleRun.full(seeds: [0]).write(to: folder.path)
    let image = try #require(
      try Run.read([folder.path])[0].gallery.first { $0.task == "house-numbers" })
    #expect(image.corruption == "clean" && image.severity == "0")
    #expect(image.width == 8 && image.height == 8)
    try folder.write("no picture", to: "gallery/cars-fog-1.png")
    #expect(throws: ReportError.self) { try Run.read([folder.path]) }
    try FileManager.default.removeItem(atPath: "\(folder.path)/gallery/cars-fog-1.png")
    try folder.write(Data(base64Encoded: SampleRun.png)!, to: "gallery/cars.png")
    #expect(throws: ReportError.self) { try Run.read([folder.path]) }
  }

  @Test("Runs of one name are told apart by the folders above; the same one twice is refused")
  func names() throws {
    let folder = try TemporaryFolder()
    for name in ["a/run", "b/run"] {
      try SampleRun.full(seeds: [0]).write(to: "\(folder.path)/\(name)")
    }
    let paths = ["a/run", "b/run"].map { "\(folder.path)/\($0)" }
    #expect(try Run.read(paths).map(\.name) == ["a/run", "b/run"])
    let again = "\(folder.path)/a/../a/run/"
    #expect(throws: ReportError.repeatedRun(path: again)) { try Run.read([paths[0], again]) }
  }
}
