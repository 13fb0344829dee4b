import Checkpoints
import Configuration
import Merging
import TensorCore
import Testing
import VisionModels

@Suite("Merging methods")
struct MergingMethodTests {
  private let bank: TaskVectorBank

  init() throws {
    bank = try LinearEncoder().bank([[1, 0, 0, 0, 0, 8], [0, 2, 0, 0, 0, -4]])
  }

  private func shared(_ method: some MergingMethod) throws -> [Float] {
    try method.merge(bank).shared.values
  }

  @Test("The pretrained model is the base model, seen task or not")
  func pretrained() throws {
    let model = try Pretrained().merge(bank)
    #expect(try model.parameters(for: "task0") == bank.base)
    #expect(try model.parameters(for: "unseen") == bank.base)
    #expect(model.isShared)
  }

  @Test("Individual gives every seen task its expert, an unseen one the base model")
  func individual() throws {
    let model = try Individual().merge(bank)
    #expect(try model.parameters(for: "task0").values == [2, 0, 0, 0, 1, 8])
    #expect(try model.parameters(for: "task1").values == [1, 2, 0, 0, 1, -4])
    #expect(try model.parameters(for: "unseen") == bank.base)
    #expect(!model.isShared)
  }

  @Test("Weight averaging is the mean of the experts")
  func averaging() throws {
    #expect(try shared(WeightAveraging()) == [1.5, 1, 0, 0, 1, 2])
  }

  @Test("Task arithmetic adds lambda times every task vector")
  func taskArithmetic() throws {
    #expect(try shared(TaskArithmetic(lambda: 0.5)) == [1.5, 1, 0, 0, 1, 2])
    #expect(TaskArithmetic().lambda == 0.3)
  }

  @Test("TIES adds up the entries that agree")
  func ties() throws {
    // At density 1/3 rank 4 of the magnitudes (0 0 0 0 1 8) is 0: all stay; the last sums to 4.
    #expect(try shared(TIES(lambda: 0.5, density: 1.0 / 3)) == [1.5, 1, 0, 0, 1, 4])
    #expect(TIES().lambda == 0.3)
    #expect(TIES().density == 0.2)
  }

  @Test("The coefficients of a model make it again from the experts")
  func coefficients() throws {
    for method: any MergingMethod in [WeightAveraging(), TaskArithmetic(), TIES(density: 0.5)] {
      let model = try method.merge(bank)
      #expect(try bank.merged(by: model.coefficients!) == model.shared)
    }
  }

  @Test("The catalogue has every method once, those of the paper in its order")
  func catalogue() {
    #expect(
      MethodCatalog.names == [
        "pretrained", "individual", "weight-averaging", "task-arithmetic",
        "magnitude-weighted", "ties", "dare", "dare-ties", "fisher", "regmean",
        "adamerging-taskwise",
        "adamerging-layerwise", "adamerging-taskwise++",
        "adamerging-layerwise++",
      ])
    for entry in MethodCatalog.all { #expect(entry.method().name == entry.name) }
    #expect(
      MethodCatalog.names.filter(MethodCatalog.paperNames.contains) == MethodCatalog.paperNames)
  }

  @Test("A method that adapts refuses to merge without images, the others do not")
  func adaptive() throws {
    for entry in MethodCatalog.all {
      if entry.isAdaptive {
        #expect(throws: MergingError.noBatches(method: entry.name)) {
          try entry.method().merge(bank)
        }
      } else {
        #expect(throws: Never.self) { try entry.method().merge(bank) }
      }
    }
  }

  @Test("A name that is not in the catalogue is refused with what there is")
  func unknown() {
    #expect(
      throws: MergingError.unknownMethod("fischer", known: MethodCatalog.names)
    ) {
      try MethodCatalog.entry(named: "fischer")
    }
  }

  private func options(_ text: String) throws -> ParameterReader {
    try YAMLDocument(text: text, file: "plan.yaml").reader()
  }

  @Test("Options of a plan set lambda, density and every setting of an adaptation")
  func options() throws {
    let ties = try MethodCatalog.entry(named: "ties")
      .method(options: options("lambda: 0.7\ndensity: 0.1"))
    #expect((ties as? TIES)?.lambda == 0.7)
    #expect((ties as? TIES)?.density == 0.1)
    let text = """
      adaptation: fusionbench
      steps: 7
      batches_per_step: 3
      learning_rate: 0.01
      initial_coefficient: 0.2
      clamp: true
      logarithm: exact
      merge_projection: true
      key_bias: drift
      entropy_threshold: 0.4
      diversity: 0.5
      anchor: 0.1
      reset_every: 10
      sharpness: 0.05
      density: 0.5
      """
    let entry = try MethodCatalog.entry(named: "adamerging-layerwise++")
    let method = try #require(try entry.method(options: options(text)) as? AdaMerging)
    var expected = AdaMergingSettings(.fusionbench)
    expected.steps = 7
    expected.batchesPerStep = 3
    expected.learningRate = 0.01
    expected.initialCoefficient = 0.2
    expected.clamps = true
    expected.logarithm = .exact
    expected.mergesProjection = true
    expected.keyBias = .drift
    expected.entropyThreshold = 0.4
    (expected.diversity, expected.anchor, expected.sharpness) = (0.5, 0.1, 0.05)
    expected.resetEvery = 10
    #expect(method.settings == expected)
    #expect(method.density == 0.5)
  }

  @Test("An option that a method does not have, or a value out of range, is refused")
  func badOptions() throws {
    let entry = try MethodCatalog.entry(named: "task-arithmetic")
    #expect(throws: ConfigurationError.self) { try entry.method(options: options("lamda: 0.3")) }
    #expect(throws: ConfigurationError.self) { try entry.method(options: options("lambda: x")) }
    let ties = try MethodCatalog.entry(named: "ties")
    #expect(throws: ConfigurationError.self) { try ties.method(options: options("density: 0")) }
  }

  @Test("The protocols are those that were published")
  func protocols() {
    let (paper, fusionbench) = (AdaMergingSettings(.paper), AdaMergingSettings(.fusionbench))
    #expect((paper.steps, paper.batchesPerStep, paper.batchSize) == (500, 2, 16))
    #expect(paper.clamps && paper.mergesProjection && paper.logarithm == .exact)
    #expect(
      (fusionbench.steps, fusionbench.batchesPerStep, fusionbench.batchSize) == (1000, 1, 16))
    #expect(!fusionbench.clamps && !fusionbench.mergesProjection)
    #expect(fusionbench.logarithm == .offset)
  }
}
