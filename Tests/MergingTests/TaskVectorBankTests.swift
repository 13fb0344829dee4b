import Checkpoints
import Merging
import TensorCore
import Testing
import VisionModels

@Suite("Task vectors")
struct TaskVectorBankTests {
  private let layout = ParameterLayout([("a", [2]), ("b", [1, 3])])

  private func state(_ values: [Float]) -> StateDict { StateDict(layout: layout, values: values) }

  private func bank(_ vectors: [[Float]]) throws -> TaskVectorBank {
    try TaskVectorBank(
      base: state([0, 0, 0, 0, 0]),
      experts: vectors.enumerated().map { ("task\($0)", state($1)) })
  }

  @Test("A task vector is the expert less the base model, and gives the expert back")
  func vectors() throws {
    let bank = try TaskVectorBank(
      base: state([1, 2, 3, 4, 5]),
      experts: [("x", state([2, 2, 2, 2, 2])), ("y", state([0, 2, 3, 4, 7]))])
    #expect(bank.tasks == ["x", "y"])
    #expect(try bank.matrix() == [1, 0, -1, -2, -3, -1, 0, 0, 0, 2])
    #expect(try bank.vector(of: "y")?["b"].values == [0, 0, 2])
    #expect(try bank.expert(of: "x") == state([2, 2, 2, 2, 2]))
    #expect(try bank.expert(of: "z") == nil)
  }

  @Test("An expert may list its tensors in another order")
  func otherOrder() throws {
    let other = StateDict(
      layout: ParameterLayout([("b", [1, 3]), ("a", [2])]), values: [30, 40, 50, 10, 20])
    let bank = try TaskVectorBank(base: state([0, 0, 0, 0, 0]), experts: [("x", other)])
    #expect(try bank.matrix() == [10, 20, 30, 40, 50])
  }

  @Test("Every mismatch of every expert is named: shapes, names, values that are not finite")
  func mismatches() throws {
    let first = StateDict(zeros: ParameterLayout([("a", [3]), ("b", [1, 3])]))
    let second = StateDict(
      layout: ParameterLayout([("a", [2]), ("c", [1])]), values: [0, .nan, .infinity])
    #expect(
      throws: MergingError.incompatibleExperts([
        .init(expert: nil, "b", .nonFinite(count: 1, index: 1)),
        .init(expert: "x", "a", .shape(base: [2], got: [3])),
        .init(expert: "y", "b", .missing),
        .init(expert: "y", "c", .unexpected),
        .init(expert: "y", "a", .nonFinite(count: 1, index: 1)),
        .init(expert: "y", "c", .nonFinite(count: 1, index: 0)),
      ])
    ) {
      try TaskVectorBank(base: state([0, 0, 0, .nan, 0]), experts: [("x", first), ("y", second)])
    }
  }

  @Test("Architectures are compared key by key")
  func architectures() {
    func configuration(_ layers: Int, _ family: ViTFamily) -> ViTConfiguration {
      ViTConfiguration(
        imageSize: 8, patchSize: 4, width: 8, layerCount: layers, headCount: 2, mlpWidth: 16,
        embeddingWidth: nil, activation: .gelu, family: family)
    }
    let mismatches = ExpertComparison.mismatches(
      of: "x", configuration(3, .dinov2), base: configuration(2, .vit))
    #expect(
      mismatches.map(\.description) == [
        "the expert of 'x': model_type is dinov2, the base model's vit",
        "the expert of 'x': num_hidden_layers is 3, the base model's 2",
      ])
  }

  @Test(
    "NaN and infinity are refused, with model, tensor and element",
    arguments: [Float.nan, .infinity])
  func nonFinite(value: Float) throws {
    let base = #expect(throws: MergingError.self) {
      try TaskVectorBank(base: state([0, 0, 0, value, 0]))
    }
    #expect(
      base?.description.contains(
        "the base model: b holds NaN or infinity at 1 elements, the first is 1") == true)
    let expert = #expect(throws: MergingError.self) {
      try TaskVectorBank(base: state([0, 0, 0, 0, 0])).appending("x", state([-value, 0, 0, 0, 0]))
    }
    #expect(
      expert?.description.contains(
        "the expert of 'x': a holds NaN or infinity at 1 elements, the first is 0") == true)
  }

  @Test("No experts, and two of one task, are refused")
  func taskNames() throws {
    #expect(throws: MergingError.noExperts) { try bank([]) }
    let expert = state([0, 0, 0, 0, 0])
    #expect(throws: MergingError.duplicateTask("x")) {
      try TaskVectorBank(base: expert, experts: [("x", expert), ("x", expert)])
    }
  }

  @Test(
    "Layer-wise coefficients weigh each tensor of each task; other layers stay the base model's")
  func layerwise() throws {
    let bank = try bank([[1, 2, 3, 4, 5], [10, 20, 30, 40, 50]])
    let both = MergingCoefficients(
      .layerwise, tasks: bank.tasks, layers: ["a", "b"], values: [1, 2, 0.5, 0.25])
    #expect(try bank.merged(by: both).values == [6, 12, 13.5, 18, 22.5])
    let one = MergingCoefficients(.taskwise, tasks: bank.tasks, layers: ["b"], values: [1, 2])
    #expect(try bank.merged(by: one).values == [0, 0, 63, 84, 105])
  }

  @Test("Coefficients are matched to experts by name")
  func byName() throws {
    let bank = try bank([[1, 1, 1, 1, 1], [10, 10, 10, 10, 10]])
    let swapped = MergingCoefficients(
      .taskwise, tasks: ["task1", "task0"], layers: ["a", "b"], values: [1, 2])
    #expect(try bank.merged(by: swapped).values == [12, 12, 12, 12, 12])
  }

  @Test("Trimming keeps the largest entries of the whole vector, and ties with the threshold")
  func trimming() throws {
    // Of 5 entries at density 0.4 the threshold has ascending rank 3: the entry 3 and those above.
    #expect(
      try bank([[1, -5, 3, 2, -4]]).agreeing(density: 0.4).matrix() == [0, -5, 3, 0, -4])
    #expect(try bank([[2, 2, 2, 2, 2]]).agreeing(density: 0.2).matrix() == [2, 2, 2, 2, 2])
    #expect(try bank([[1, -5, 3, 2, -4]]).agreeing(density: 1).matrix() == [1, -5, 3, 2, -4])
  }

  @Test("Each vector keeps its own entries of the sign that the sum elects")
  func signs() throws {
    let kept = try bank([[3, -1, 2, 4, -9], [-1, 5, 2, -6, -1]]).agreeing(density: 1)
    #expect(try kept.matrix() == [3, 0, 2, 0, -9, 0, 5, 2, -6, -1])
  }

  @Test("Where the vectors cancel out, the majority of the signs decides; without one, minus does")
  func cancelling() throws {
    let positive = try bank([[3, 1, 1, 0, 0], [-3, 0, 0, 1, 0]]).agreeing(density: 1)
    #expect(try positive.matrix() == [3, 1, 1, 0, 0, 0, 0, 0, 1, 0])
    let even = try bank([[3, 1, 0, 0, 0], [-3, 0, -1, 0, 0]]).agreeing(density: 1)
    #expect(try even.matrix() == [0, 1, 0, 0, 0, -3, 0, -1, 0, 0])
  }

  @Test("Trimming is the same as by sorting, at many sizes and densities")
  func againstSorting() throws {
    for (count, density) in [(1, 0.2), (7, 0.2), (100, 0.2), (1000, 0.01), (4097, 0.5)] {
      var random = KeyedRandom(seed: 1, "ties", "\(count)")
      let layout = ParameterLayout([("w", [count])])
      let values = random.normals(count).map { Float(abs($0)) }
      let bank = try TaskVectorBank(
        base: StateDict(zeros: layout),
        experts: [("x", StateDict(layout: layout, values: values))])
      let rank = count - Int(Double(count) * density)
      let threshold = values.sorted()[rank - 1]
      #expect(
        try bank.agreeing(density: density).matrix() == values.map { $0 >= threshold ? $0 : 0 })
    }
  }
}

extension TaskVectorBank {
  fileprivate func appending(_ task: String, _ expert: StateDict) throws -> TaskVectorBank {
    var bank = self
    try bank.append(task, expert)
    return bank
  }
}
