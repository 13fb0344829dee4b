import Checkpoints
import Foundation
import Launching
import Merging
import Results
import Streams

@testable import Evaluation
@testable import Training

/// What a run keeps in its folder and reads again: hours or days later, by another process, perhaps
/// on another machine, after a disk was full or somebody edited a file.
extension FuzzTarget {
  static let runs: [FuzzTarget] = [
    FuzzTarget(name: "cell-record") { bytes in
      // The seeds have the ingredients of this key.
      let store = ResultStore(folder: folder("records"))
      folder.write(bytes, "records/\(key.path)")
      if let record = soundRecord(in: store) { tabulate(record) }
    },
    FuzzTarget(name: "predictions") { bytes in
      let store = ResultStore(folder: folder("predicted"), keepsPredictions: true)
      folder.write(try! JSONEncoder().encode(failedRecord), "predicted/\(key.path)")
      folder.write(bytes, String(store.predictionsPath(of: key).dropFirst(folder.path.count + 1)))
      guard soundRecord(in: store) != nil else { return }
      _ = accepted(folder.path) {
        try PredictionTable.collect([key], from: store, to: folder("predicted/predictions.csv"))
      }
    },
    FuzzTarget(name: "run-manifest") { bytes in
      folder.write(bytes, "manifest/run/manifest.json")
      if let manifest = accepted("manifest", { try RunManifest(of: folder("manifest")) }) {
        inspect(manifest)
      }
      // Mutations seldom have the fingerprint of their cells: those that are sound otherwise get it.
      guard let found = try? JSONDecoder().decode(RunManifest.self, from: Data(bytes)) else {
        return
      }
      inspect(
        RunManifest(
          plan: found.plan, backbone: found.backbone, codeVersion: found.codeVersion,
          keepsPredictions: found.keepsPredictions, cells: found.cells))
    },
    FuzzTarget(name: "worker") { bytes in
      // A line each: the holder of a claim, the log of a worker, the submission to Slurm.
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      guard lines.count == 3 else { return }
      let results = folder("worker")
      folder.write(lines[0], "worker/run/claims/\(key)/holder.json")
      folder.write(lines[1], "worker/run/workers/0-of-2.json")
      folder.write(lines[2], "worker/slurm/submission.json")
      var claims = Claims(
        results: results,
        holder: Claims.Holder(shard: Shard(0, of: 2), host: "here", process: 1, job: "7_0"),
        timeToLive: .zero)
      _ = claims.holder(of: key).map { $0.shard.owns(key) }
      if accepted("worker", { try claims.take(key) }) == .taken { claims.release(key) }
      _ = WorkerLog.all(of: results).map { $0.log.text(isAlive: true) }
      let shards = SlurmSubmission(of: results)?.shards
      try! runManifest.begin(in: results, planText: "name: tiny\n")
      for count in Set([nil, shards]) {
        let status = accepted("worker") { try RunStatus(of: results, shards: count) }
        _ = status.map { $0.text + $0.gapsText() }
      }
    },
    FuzzTarget(name: "adaptation") { bytes in
      let path = folder.write(bytes, "adaptation/state.json")
      let checkpoint = accepted("state") {
        try AdaptationCheckpoint(contentsOf: path, expecting: ["seed": "0"])
      }
      if let checkpoint { goOn(checkpoint) }
    },
    FuzzTarget(name: "continuation") { bytes in
      folder.write(AdaptationState.sealed(bytes), "continuation/\(key).state")
      let continuation = RunContinuation(folder: folder("continuation"))
      // One that can't be read is none.
      guard let state = continuation.state(of: key, origin: ["seed": "0"]) else { return }
      goOn(state.checkpoint)
      for predicted in state.online.values.flatMap(\.predicted.values)
      where predicted.scorer.nonFiniteCount == 0 && !predicted.places.isEmpty {
        let ids = SampleIDs((0...predicted.places.max()!).prefix(1000).map { SampleID("\($0)") })
        guard predicted.places.allSatisfy({ $0 < ids.count }) else { continue }
        let scored = predicted.scorer.scored(at: predicted.places, of: ids)
        precondition(scored.samples.count == predicted.places.count, "a sample of each")
      }
      _ = state.serves([], stepsPerPhase: 1, phases: 1)
      try! continuation.keep(state, of: key)
      precondition(continuation.state(of: key, origin: ["seed": "0"]) != nil, "it comes back")
    },
    FuzzTarget(name: "training-state") { bytes in
      let path = folder.write(bytes, "training/state.safetensors")
      var state = trainingState
      guard accepted("state", { try state.restore(from: path, fingerprint: "f") }) != nil else {
        return
      }
      precondition(state.step >= 0 && state.trunk.values.count == state.trunk.layout.count)
      let again = folder("training/again.safetensors")
      try! state.save(to: again, fingerprint: "f")
      try! state.restore(from: again, fingerprint: "f")
    },
    FuzzTarget(name: "training-record") { bytes in
      let path = folder.write(bytes, "training/training.json")
      guard let record = accepted("training", { try TrainingRecord.load(path) }) else { return }
      _ = try! record.fingerprint
      try! record.write(to: path)
      precondition((try! TrainingRecord.load(path)) == record, "it comes back")
    },
  ]

  private static let folder = ScratchFolder("runs")

  private static let failedRecord = CellRecord(
    ingredients: ["method": "a"], outcome: .failed(reason: "no images"), adaptationSeconds: 0,
    seconds: 0,
    provenance: Provenance(
      codeVersion: "1", recipeHash: nil, weightsHash: "w", dataHash: "d", seed: 0, blas: "b",
      cpuPath: "c", threads: 1))
  private static let key = failedRecord.key

  private static let trainingState = EncoderTrainingState(
    trunk: StateDict(zeros: ParameterLayout([("w", [2, 1]), ("b", [1])])),
    heads: StateDict(zeros: ParameterLayout([("h", [1, 2])])), AdamW.Settings())

  private static let runManifest = RunManifest(
    plan: "tiny", backbone: "vit", codeVersion: "1",
    cells: [
      RunManifest.Cell(
        key: key, unit: key, title: "a on fog", experiment: "x", method: "a", methodOptions: "",
        isGridPoint: false, seen: ["a"], unseen: ["b"], protocolName: "transductive",
        adaptStream: "none", evaluateStream: "fog-3", boundary: nil, corruption: "fog", severity: 3,
        profile: "imagenet-c", adaptation: "none")
    ])

  /// The record of `key`, as a run that goes on reads it; what is damaged is set aside with a reason.
  private static func soundRecord(in store: ResultStore) -> CellRecord? {
    let found = accepted(folder.path) {
      try store.soundRecord(of: key) { path, damage in
        precondition("\(damage)".contains(key.text), "a message without the cell: \(damage)")
        precondition(path.hasPrefix(store.folder))
        try! FileManager.default.removeItem(atPath: path)
      }
    }
    return found ?? nil
  }

  /// All tables of a run with `record` and a baseline of the same outcome, as text; what was read is
  /// written and comes back.
  private static func tabulate(_ record: CellRecord) {
    let baseline = CellRecord(
      ingredients: ["method": "b"], outcome: record.outcome, adaptation: record.adaptation,
      adaptationSeconds: record.adaptationSeconds, seconds: record.seconds,
      provenance: record.provenance)
    var rows: [ResultRecord] = []
    for (method, record) in [("ties", record), ("task-arithmetic", baseline)] {
      guard case .measured(let tasks) = record.outcome else { continue }
      rows += tasks.map { task in
        ResultRecord(
          experiment: "x", method: method, methodOptions: "", backbone: "vit", task: task.task,
          seen: task.seen, protocolName: "transductive", adaptStream: "none",
          evaluateStream: "fog-3", corruption: "fog", severity: 3, profile: "imagenet-c",
          adaptation: "none", record: record)
      }
    }
    _ = ResultTable.csv(rows) + ReliabilityTable.table.csv(ReliabilityTable.rows(rows))
    _ = ComparisonTable.table.csv(ComparisonTable.comparisons(rows))
    _ = AdaptationTables.steps(rows) + AdaptationTables.coefficients(rows)
    let again = try! JSONDecoder().decode(CellRecord.self, from: JSONEncoder().encode(record))
    precondition(again == record)
  }

  /// The state of a run with `manifest` and no records.
  private static func inspect(_ manifest: RunManifest) {
    let results = folder("begun")
    try! manifest.begin(in: results, planText: "")
    precondition((try! RunManifest(of: results)) == manifest)
    let status = try! RunStatus(of: results, shards: 3)
    precondition(status.total.total == Set(manifest.cells.map(\.key)).count)
    _ = status.text + status.gapsText()
    let rows = manifest.rows([key: failedRecord])
    _ = ResultTable.csv(rows)
  }

  private static func goOn(_ checkpoint: AdaptationCheckpoint) {
    let state = checkpoint.state
    _ = Trajectory(state.trajectory, tasks: ["a", "b"], experts: ["a", "b"]).csv
    var (optimizer, raw) = (state.optimizer, state.raw)
    if raw.count == optimizer.first.count {
      optimizer.update(&raw, gradient: raw.map { $0 - 1 })
    }
    let again = try! JSONDecoder().decode(
      AdaptationCheckpoint.self, from: JSONEncoder().encode(checkpoint))
    precondition(again == checkpoint)
  }
}
