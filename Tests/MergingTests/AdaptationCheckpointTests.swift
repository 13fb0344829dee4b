import Foundation
import Merging
import TestSupport
import Testing

@Suite("Checkpoints of an adaptation")
struct AdaptationCheckpointTests {
  private let origin = ["learning_rate": "0.001", "seed": "0"]

  private func state(_ set: ParitySet, steps: Int) throws -> AdaMergingRun.State {
    var run = try AdaMergingRun(AdaMerging(.layerwise), bank: set.bank, encoder: set.encoder)
    for _ in 0..<steps { try run.step(set.batches) }
    return run.state
  }

  @Test("A file gives back every number exactly")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let checkpoint = AdaptationCheckpoint(origin: origin, state: try state(ParitySet(), steps: 3))
    try checkpoint.write(to: "\(folder.path)/state.json")
    #expect(
      try AdaptationCheckpoint(contentsOf: "\(folder.path)/state.json", expecting: origin)
        == checkpoint)
  }

  @Test("A run that goes on from a file ends bit for bit where one without a stop ends")
  func resuming() throws {
    let (folder, set) = (try TemporaryFolder(), try ParitySet())
    try AdaptationCheckpoint(origin: origin, state: try state(set, steps: 2))
      .write(to: "\(folder.path)/state.json")
    let saved = try AdaptationCheckpoint(
      contentsOf: "\(folder.path)/state.json", expecting: origin)
    var run = try AdaMergingRun(
      AdaMerging(.layerwise), bank: set.bank, encoder: set.encoder, resuming: saved.state)
    for _ in 0..<3 { try run.step(set.batches) }
    #expect(run.state == (try state(set, steps: 5)))
  }

  @Test("A checkpoint of other settings is refused with every difference")
  func differences() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/state.json"
    try AdaptationCheckpoint(origin: origin, state: try state(ParitySet(), steps: 0))
      .write(to: path)
    let error = #expect(throws: MergingError.self) {
      try AdaptationCheckpoint(
        contentsOf: path, expecting: ["learning_rate": "0.01", "seed": "0", "corruption": "fog"])
    }
    #expect(
      error
        == .differentCheckpoint(
          path: path,
          differences: [
            "corruption was not set, is fog", "learning_rate was 0.001, is 0.01",
          ]))
    #expect(error?.description.contains("--resume") == true)
  }

  @Test(
    "A state that no steps come to is refused with what is wrong",
    arguments: [
      (#""updates":2"#, #""updates":9223372036854775807"#, "updates in 2 steps"),
      (#""updates":2"#, #""updates":-1"#, "-1 updates in 2 steps"),
      (#""raw":["#, #""raw":[0.5,"#, "not a moment for each"),
      (#""first":["#, #""first":[0.5,"#, "not a moment for each"),
      (#""entropies":["#, #""entropies":[0.5,"#, "a step without a value for each"),
    ])
  func impossible(part: String, other: String, message: String) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/state.json"
    try AdaptationCheckpoint(origin: origin, state: try state(ParitySet(), steps: 2))
      .write(to: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(part))
    try folder.write(text.replacing(part, with: other, maxReplacements: 1), to: "state.json")
    let error = try #require(throws: MergingError.self) {
      try AdaptationCheckpoint(contentsOf: path, expecting: origin)
    }
    #expect(error.description.contains("state.json") && error.description.contains(message))
  }

  @Test("What is no checkpoint is refused by name", arguments: ["", "{", #"{"origin": {}}"#])
  func damaged(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "state.json")
    let error = #expect(throws: MergingError.self) {
      try AdaptationCheckpoint(contentsOf: path, expecting: origin)
    }
    #expect(error?.description.contains("state.json: can't be read") == true)
  }

  @Test("A folder that is not there is no place for a checkpoint")
  func unwritable() throws {
    let state = try state(ParitySet(), steps: 0)
    #expect(throws: MergingError.self) {
      try AdaptationCheckpoint(origin: origin, state: state).write(to: "/nowhere/state.json")
    }
  }
}
