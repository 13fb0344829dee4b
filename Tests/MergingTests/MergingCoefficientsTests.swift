import Merging
import TestSupport
import Testing

@Suite("Merging coefficients")
struct MergingCoefficientsTests {
  private let layerwise = MergingCoefficients(
    .layerwise, tasks: ["x", "y"], layers: ["a", "b", "c"], values: [0.1, 0.2, 0.3, 1, 2, 3],
    density: 0.2)
  private let taskwise = MergingCoefficients(
    .taskwise, tasks: ["x", "y"], layers: ["a", "b", "c"], values: [0.1, 0.7],
    drop: RandomDrop(rate: 0.9, seed: .max))

  @Test("Values are found by task and layer")
  func lookup() {
    #expect(layerwise["y", "b"] == 2)
    #expect(taskwise["y", "b"] == 0.7)
    #expect(layerwise["z", "b"] == nil)
    #expect(layerwise["x", "z"] == nil)
    #expect(layerwise.taskMeans[1] == 2)
    #expect(taskwise.taskMeans == [0.1, 0.7])
  }

  @Test("A file gives back what was written, exactly")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    for coefficients in [layerwise, taskwise] {
      try coefficients.write(to: "\(folder.path)/c.json")
      #expect(try MergingCoefficients(contentsOf: "\(folder.path)/c.json") == coefficients)
    }
  }

  @Test(
    "A file that contradicts itself is refused",
    arguments: [
      (#"{"tasks": [], "layers": [], "values": []}"#, "it has no 'granularity'"),
      (
        #"{"granularity": "task-wise", "tasks": ["x"], "layers": [], "values": [1, 2]}"#,
        "values: 1 tasks need as many values"
      ),
      (
        #"{"granularity": "layer-wise", "tasks": ["x"], "layers": ["a"], "values": [[1, 2]]}"#,
        "values: each task needs a value for each of the 1 layers"
      ),
      (
        #"{"granularity": "task-wise", "tasks": ["x", "x"], "layers": [], "values": [1, 2]}"#,
        "tasks: a task stands twice"
      ),
      (
        #"{"granularity":"task-wise","tasks":["x"],"layers":["a", "a"],"values":[1]}"#,
        "layers: a layer stands twice"
      ),
      (
        #"{"granularity":"task-wise","tasks":["x"],"layers":[],"values":[1],"density":0}"#,
        "density: the density is a share above 0 and up to 1"
      ),
      (
        #"{"granularity":"task-wise","tasks":["x"],"layers":[],"values":[1],"drop":{"rate":1,"seed":0}}"#,
        "drop: the rate is a share from 0 on and below 1"
      ),
    ])
  func contradictions(text: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "c.json")
    #expect(throws: MergingError.unreadable(path: path, reason: reason)) {
      try MergingCoefficients(contentsOf: path)
    }
  }

  @Test("Coefficients of other tasks or layers than the experts' are refused")
  func unsuitable() throws {
    let bank = try LinearEncoder().bank([[1, 0, 0, 0, 0, 0]])
    #expect(
      throws: MergingError.unsuitableCoefficients(
        reason: "they are of the tasks x, y, the experts of task0")
    ) {
      try bank.merged(by: taskwise)
    }
    let other = MergingCoefficients(.taskwise, tasks: ["task0"], layers: ["b"], values: [1])
    #expect(
      throws: MergingError.unsuitableCoefficients(reason: "the base model has no tensor 'b'")
    ) {
      try bank.merged(by: other)
    }
  }
}
