import Checkpoints
import Merging
import TensorCore
import Testing
import VisionModels

@Suite("A run of AdaMerging")
struct AdaMergingRunTests {
  private let encoder = LinearEncoder()
  private let images = Tensor(shape: [2, 3, 1, 1], values: [1, 0.5, -1, 0.2, 1, 2])

  private func run(
    _ vectors: [[Float]] = [[1, 0, 0.5, 0, 0, 0], [0, 0.5, 0, 0, 1, 0.25]],
    _ granularity: MergingCoefficients.Granularity = .taskwise
  ) throws -> AdaMergingRun {
    try AdaMergingRun(
      AdaMerging(granularity), bank: encoder.bank(vectors), encoder: encoder)
  }

  private func batches(
    _ images: Tensor
  ) -> [(task: String, head: ClassificationHead, images: Tensor)] {
    [("task0", encoder.head, images)]
  }

  @Test("The gradient of a coefficient is the slope of the loss, by central differences")
  func gradient() throws {
    let bank = try encoder.bank([[1, 0, 0.5, 0, 0, 0], [0, 0.5, 0, 0, 1, 0.25]])
    var run = try run()
    try run.step(batches(images))
    let found = run.state.optimizer.first.map { $0 / 0.1 }
    func loss(_ values: [Double]) throws -> Double {
      let parameters = try bank.merged(
        by: MergingCoefficients(.taskwise, tasks: bank.tasks, layers: ["weight"], values: values))
      let logits = encoder.head.logits(of: encoder.features(of: images, parameters: parameters))
      return EntropyObjective().evaluate(logits).loss
    }
    for index in 0..<2 {
      var (above, below) = ([0.3, 0.3], [0.3, 0.3])
      above[index] += 1e-2
      below[index] -= 1e-2
      let slope = (try loss(above) - loss(below)) / 2e-2
      #expect(abs(found[index] - slope) < 1e-4)
    }
  }

  @Test("A step reports loss and entropies before the change, and the means of the coefficients")
  func report() throws {
    var run = try run()
    let step = try run.step(
      [
        ("task0", encoder.head, images), ("other", encoder.head, images.rows(0..<1)),
        ("task0", encoder.head, images),
      ])
    #expect(step.step == 1)
    #expect(step.entropies.count == 2)
    #expect(abs(step.loss - (2 * step.entropies[0] + step.entropies[1])) < 1e-6)
    #expect(step.coefficients == [0.3, 0.3])
    #expect(run.state.trajectory == [step])
    #expect(run.state.raw.allSatisfy { abs(abs($0 - 0.3) - 1e-3) < 1e-6 })
  }

  @Test("Entropy falls over the steps")
  func descent() throws {
    var run = try run()
    for _ in 0..<100 { try run.step(batches(images)) }
    let losses = run.state.trajectory.map(\.loss)
    #expect(losses.last! < losses.first!)
  }

  @Test("A NaN among the pixels names method, task and step, and leaves the state as it was")
  func nonFiniteEntropy() throws {
    var run = try run()
    try run.step(batches(images))
    let before = run.state
    let broken = Tensor(shape: [1, 3, 1, 1], values: [1, .nan, 0])
    #expect(
      throws: MergingError.nonFiniteEntropy(method: "adamerging-taskwise", task: "task0", step: 2)
    ) {
      try run.step(batches(broken))
    }
    #expect(run.state == before)
  }

  @Test("A gradient that overflows names method, task, layer and step")
  func nonFiniteGradient() throws {
    let broken = BrokenGradient(encoder: encoder)
    var run = try AdaMergingRun(
      AdaMerging(.layerwise), bank: encoder.bank([[1, 0, 0, 0, 0, 0]]), encoder: broken)
    #expect(
      throws: MergingError.nonFiniteGradient(
        method: "adamerging-layerwise", task: "task0", step: 1, layer: "weight")
    ) {
      try run.step(batches(images))
    }
  }

  @Test("A head of another width is refused")
  func headWidth() throws {
    var run = try run()
    let head = ClassificationHead(classNames: ["a"], weights: Tensor(zeros: [1, 3]))
    #expect(
      throws: MergingError.differentWidth(
        method: "adamerging-taskwise", task: "task0", head: 3, encoder: 2)
    ) {
      try run.step([("task0", head, images)])
    }
  }

  @Test("A step without batches is refused")
  func noBatches() throws {
    var run = try run()
    #expect(throws: MergingError.noBatches(method: "adamerging-taskwise")) { try run.step([]) }
  }

  @Test("An encoder of other parameters, and a state of another run, are refused")
  func otherModels() throws {
    let layout = ParameterLayout([("bias", [1])])
    let bank = try TaskVectorBank(
      base: StateDict(zeros: layout), experts: [("x", StateDict(zeros: layout))])
    #expect(throws: MergingError.differentLayout(method: "adamerging-taskwise")) {
      try AdaMergingRun(AdaMerging(.taskwise), bank: bank, encoder: encoder)
    }
    let state = try run().state
    #expect(
      throws: MergingError.differentState(
        method: "adamerging-taskwise", reason: "2 coefficients instead of 1")
    ) {
      try AdaMergingRun(
        AdaMerging(.taskwise), bank: encoder.bank([[1, 0, 0, 0, 0, 0]]), encoder: encoder,
        resuming: state)
    }
  }
}

/// An encoder whose gradients are infinite.
private struct BrokenGradient: ImageEncoder {
  let encoder: LinearEncoder
  var layout: ParameterLayout { encoder.layout }
  var imageSize: Int { 1 }
  var embeddingWidth: Int { 2 }

  func features(of pixels: Tensor, parameters: borrowing StateDict) -> Tensor {
    encoder.features(of: pixels, parameters: parameters)
  }

  func recordFeatures(of pixels: Tensor, parameters: borrowing StateDict) -> (
    features: Tensor, tape: ActivationTape
  ) {
    encoder.recordFeatures(of: pixels, parameters: parameters)
  }

  func accumulateGradients(
    of featureGradient: Tensor, through tape: consuming ActivationTape,
    parameters: borrowing StateDict, into gradients: inout StateDict
  ) {
    gradients.values[0] = .infinity
  }
}
