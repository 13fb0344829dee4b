import Reports
import TestSupport
import Testing

/// The runs of `samples`, written and read.
func read(_ samples: SampleRun...) throws -> [Run] {
  let folder = try TemporaryFolder()
  let paths = samples.indices.map { "\(folder.path)/run-\($0)" }
  for (sample, path) in zip(samples, paths) { try sample.write(to: path) }
  return try Run.read(paths)
}

@Suite("Studies")
struct StudyTests {
  @Test("Rows are told apart by experiment and protocol; what varies in them makes their kind")
  func kinds() throws {
    let studies = Study.studies(of: try read(.full()))
    #expect(
      studies.map(\.experiment) == ["corruptions", "unseen", "online", "crossed", "continual"])
    #expect(studies.map(\.kind) == [.plain, .plain, .plain, .crossed, .continual])
    #expect(studies[0].seeds == [0, 1] && studies[0].domains.count == 10)
    #expect(studies[0].domains[0].isClean && studies[0].hasSeveralSeverities)
    #expect(studies[1].seen == ["cars", "eurosat"] && studies[1].unseen == ["house-numbers"])
    #expect(studies[3].adaptStreams.contains("motion_blur-3"))
    #expect(studies[4].boundaries == [1, 2, 3])
  }

  @Test("An accuracy is nil unless every seed and task was measured")
  func incomplete() throws {
    var sample = SampleRun.full()
    let study = Study.studies(of: try read(sample))[0]
    let method = study.methods[0]
    #expect(study.accuracy(method, study.tasks, study.domains[0]) != nil)
    sample.change(0, "accuracy", to: "")
    sample.change(0, "status", to: "failed")
    let broken = Study.studies(of: try read(sample))[0]
    #expect(broken.accuracy(method, study.tasks, study.domains[0]) == nil)
    #expect(broken.accuracy(method, ["eurosat"], study.domains[0]) != nil)
    #expect(broken.hasFailed(method, study.tasks, [study.domains[0]]))
    #expect(!broken.hasFailed(method, ["eurosat"], [study.domains[0]]))
  }

  @Test("Cells below task arithmetic are counted; a collapsed cell is found")
  func harm() throws {
    let study = Study.studies(of: try read(.full()))[0]
    let layerwise = try #require(study.methods.first { $0.name == "adamerging-layerwise" })
    let counted = try #require(study.worseThanBaseline(layerwise, study.tasks, study.domains))
    var worse = 0
    for task in study.tasks {
      for domain in study.domains {
        let own = study.accuracy(layerwise, [task], domain)!.value
        if own < study.accuracy(study.baseline!, [task], domain)!.value { worse += 1 }
      }
    }
    #expect(counted == (worse, 30) && worse > 0)
    #expect(study.worseThanBaseline(study.baseline!, study.tasks, study.domains) == nil)
    let collapses = Harm(study).collapses
    #expect(Set(collapses.map(\.method.name)) == ["adamerging-layerwise"])
    #expect(Set(collapses.map(\.task)) == ["eurosat"])
    #expect(Set(collapses.map(\.domain.name)) == ["gaussian_noise-3", "gaussian_noise-5"])
  }

  @Test("The oracle is the best of a grid and of the method's own setting")
  func oracle() throws {
    let study = Study.studies(of: try read(.full()))[0]
    let oracle = try #require(Oracle.all(of: study).first)
    #expect(oracle.name == "task-arithmetic" && oracle.candidates.count == 2)
    let best = try #require(oracle.best { study.accuracy($0, study.tasks, study.domains[0]) })
    #expect(best.options == "lambda=0.4")
  }

  @Test("Forgetting: the loss since the best, averaged over earlier shifts")
  func forgetting() throws {
    var sample = SampleRun()
    sample.tasks = ["cars"]
    let method = SampleRun.Method(name: "adamerging-taskwise", gain: 0)
    let stream = "continual(fog-3>frost-3>snow-3)"
    let table = [
      ["fog": "0.8"], ["fog": "0.7", "frost": "0.6"],
      ["fog": "0.5", "frost": "0.65", "snow": "0.4"],
    ]
    for (boundary, values) in table.enumerated() {
      for corruption in ["fog", "frost", "snow"] {
        guard let value = values[corruption] else { continue }
        sample.addCell(
          "c", "continual", method, corruption: corruption, severity: 3, adapt: stream,
          evaluate: "\(corruption)-3", boundary: boundary + 1, seed: 0)
        let row = sample.results.count - 1
        sample.change(row, "accuracy", to: value)
        sample.change(row, "accuracy_low", to: "")
        sample.change(row, "accuracy_high", to: "")
      }
    }
    let study = Study.studies(of: try read(sample))[0]
    #expect(study.phases.map { [$0.corruption: $1] }.count == 3)
    let result = try #require(Forgetting(study, study.methods[0], tasks: ["cars"]))
    let points = result.points
    #expect(points.map(\.boundary) == [1, 2, 3] && points[0].forgetting == nil)
    #expect(abs(points[1].forgetting! - 0.1) < 1e-12)
    // Fog has lost 0.3 since its best, frost has gained 0.05.
    #expect(abs(points[2].forgetting! - (0.3 - 0.05) / 2) < 1e-12)
    #expect(abs(points[2].accuracySoFar - (0.5 + 0.65 + 0.4) / 3) < 1e-12)
  }

  @Test("Phases are told by the stream: in order, recurring, or a ramp")
  func phases() throws {
    for (stream, last, first, expected) in [
      ("continual(fog-3>snow-3)", 2, "snow-3", 2), ("recurring(fog-3>snow-3)*2", 4, "fog-3", 1),
      ("ramp(fog)/one-pass", 9, "fog-5", 5),
    ] {
      var sample = SampleRun()
      let parts = first.split(separator: "-")
      for boundary in [1, last] {
        sample.addCell(
          "c", "continual", SampleRun.methods[6], corruption: String(parts[0]),
          severity: Int(parts[1])!, adapt: stream, evaluate: first, boundary: boundary, seed: 0)
      }
      let study = Study.studies(of: try read(sample))[0]
      #expect(study.phaseNames.count == last)
      #expect(study.phases.map(\.value) == [expected], "\(stream)")
    }
  }

  @Test("Forward transfer: shifts still to come against task arithmetic, which has no boundary")
  func forwardTransfer() throws {
    var sample = SampleRun()
    sample.tasks = ["cars"]
    func add(_ method: Int, _ corruption: String, _ boundary: Int?, _ value: String) {
      sample.addCell(
        "c", "continual", SampleRun.methods[method], corruption: corruption, severity: 3,
        adapt: "continual(fog-3>snow-3)", evaluate: "\(corruption)-3", boundary: boundary, seed: 0)
      let row = sample.results.count - 1
      sample.change(row, "accuracy", to: value)
      sample.change(row, "accuracy_low", to: "")
      sample.change(row, "accuracy_high", to: "")
    }
    for corruption in ["fog", "snow"] { add(2, corruption, nil, "0.5") }
    for (boundary, fog, snow) in [(1, "0.8", "0.4"), (2, "0.7", "0.9")] {
      add(6, "fog", boundary, fog)
      add(6, "snow", boundary, snow)
    }
    let study = Study.studies(of: try read(sample))[0]
    let points = try #require(Forgetting(study, study.methods[1], tasks: ["cars"])).points
    #expect(abs(points[0].forwardTransfer! + 0.1) < 1e-12 && points[1].forwardTransfer == nil)
    #expect(abs(points[1].forgetting! - 0.1) < 1e-12)
    let report = try Report(read(sample))
    let matrix = try #require(report.figures.first { $0.id.hasPrefix("continual-") })
    let baseline = matrix.data.rows.filter {
      if case .text("task-arithmetic") = $0[0] { true } else { false }
    }
    #expect(baseline.count == 2)
  }

  @Test("Each task left out in turn makes one table of unseen tasks; other sets one each")
  func mergeSets() throws {
    var sample = SampleRun()
    for left in sample.tasks {
      for method in [SampleRun.methods[0], SampleRun.methods[2]] {
        // The base model is the same cell whatever is merged.
        sample.addCell(
          "each", "unseen", method, corruption: "clean", severity: 0, adapt: "none",
          evaluate: method.name == "pretrained" ? "clean" : "clean without \(left)", seed: 0,
          unseen: [left])
      }
    }
    let studies = Study.studies(of: try read(sample))
    #expect(studies.map(\.title) == ["each (each task when left out)"])
    #expect(studies[0].unseen == sample.tasks && studies[0].seen.isEmpty)
    let method = studies[0].methods[1]
    for task in sample.tasks {
      let row = sample.results.first {
        $0["method"] == method.name && $0["task"] == task && $0["seen"] == "false"
      }!
      let accuracy = studies[0].accuracy(method, [task], studies[0].domains[0])
      #expect(accuracy?.value == Double(row["accuracy"]!)!)
    }
    // The same where the plan makes an experiment of each: the combined study comes after them.
    var apart = SampleRun()
    for left in apart.tasks {
      apart.addCell(
        "each-without-\(left)", "unseen", SampleRun.methods[2], corruption: "clean", severity: 0,
        adapt: "none", evaluate: "clean", seed: 0, unseen: [left])
    }
    let families = Study.studies(of: try read(apart))
    #expect(families.count == 4 && families[3].title == "each (each task when left out)")
    #expect(families[3].unseen == apart.tasks && families[3].seen.isEmpty)
    var sets = SampleRun()
    for unseen in [Set<String>(), ["cars", "eurosat"], ["cars"]] {
      sets.addCell(
        "sets", "unseen", SampleRun.methods[2], corruption: "clean", severity: 0,
        adapt: "none", evaluate: "clean", seed: 0, unseen: unseen)
    }
    #expect(
      Study.studies(of: try read(sets)).map(\.part) == [
        "merged: cars, eurosat, house-numbers", "merged: house-numbers",
        "merged: eurosat, house-numbers",
      ])
  }

  @Test("Two profiles of one experiment are two studies, each with the clean images")
  func profiles() throws {
    var sample = SampleRun()
    for (index, profile) in ["cifar-c", "imagenet-c"].enumerated() {
      sample.addCell(
        "c", "transductive", SampleRun.methods[2], corruption: "fog", severity: 3, adapt: "fog-3",
        evaluate: "fog-3", seed: 0)
      for row in 3 * index..<3 * index + 3 { sample.change(row, "profile", to: profile) }
    }
    sample.addCell(
      "c", "transductive", SampleRun.methods[2], corruption: "clean", severity: 0, adapt: "clean",
      evaluate: "clean", seed: 0)
    let studies = Study.studies(of: try read(sample))
    #expect(studies.map(\.profile) == ["cifar-c", "imagenet-c"])
    #expect(studies.allSatisfy { $0.domains.map(\.corruption) == ["clean", "fog"] })
  }
}
