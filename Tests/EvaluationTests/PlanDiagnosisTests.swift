import Checkpoints
import Evaluation
import Foundation
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("Diagnosis of a plan")
struct PlanDiagnosisTests {
  private let suite: TinySuite
  private let text = """
    methods: [task-arithmetic, adamerging-layerwise]
    steps: 3
    batches_per_step: 1
    batch_size: 4
    experiments: [{name: e, seen: [red, green], unseen: [blue], corruptions: [clean, flat]}]
    """

  init() throws { suite = try TinySuite() }

  private func diagnosis(_ text: String? = nil) throws -> PlanDiagnosis {
    PlanDiagnosis(
      try suite.reading(text ?? self.text), library: try suite.recipes(),
      output: "\(suite.path)/run")
  }

  private func remove(_ relative: String) throws {
    try FileManager.default.removeItem(atPath: "\(suite.path)/\(relative)")
  }

  @Test("Of a complete plan everything is told, and nothing is missing or written")
  func complete() throws {
    let diagnosis = try diagnosis()
    #expect(diagnosis.problems.isEmpty, "\(diagnosis.problems)")
    #expect(
      diagnosis.findings.map(\.subject) == [
        "base model", "expert of 'red'", "head of 'red'", "images of 'red'", "expert of 'green'",
        "head of 'green'", "images of 'green'", "expert of 'blue'", "head of 'blue'",
        "images of 'blue'", "memory", "time", "temporary files", "results",
      ])
    #expect(
      diagnosis.findings[0].text.hasSuffix(
        "models/base: Hugging Face names below 'vision_model.', safetensors, F32, ViT 16x2/8, "
          + "7808 parameters, images of 16 pixels"), "\(diagnosis.findings[0].text)")
    #expect(diagnosis.findings[1].text.hasSuffix("ViT 16x2/8, fits the base model"))
    #expect(diagnosis.findings[2].text.hasSuffix("3 classes, features of 8"))
    #expect(
      diagnosis.findings[3].text
        == "3 classes, 10 images (3 to 4 a class), 9 of 9 tried are readable")
    #expect(diagnosis.findings[11].text.contains("a step of 8 images"))
    #expect(!FileManager.default.fileExists(atPath: "\(suite.path)/run"))
  }

  @Test("A stream of few images makes small steps, in one pass smaller ones")
  func amounts() throws {
    func step(_ adapt: String) throws -> String {
      let diagnosis = try diagnosis(
        """
        methods: [adamerging-taskwise]
        steps: 3
        batches_per_step: 2
        batch_size: 4
        experiments: [{name: e, seen: [red, green], adapt: {\(adapt)}}]
        """)
      #expect(diagnosis.problems.isEmpty, "\(diagnosis.problems)")
      return try #require(diagnosis.findings.first { $0.subject == "time" }).text
    }
    #expect(try step("amount: 1").contains("a step of 16 images"))
    // Two of ten images: both batches have them all.
    #expect(try step("amount: 0.2").contains("a step of 8 images"))
    #expect(try step("amount: 0.2, one_pass: true").contains("a step of 4 images"))
    #expect(try step("mix: interleaved").contains("a step of 16 images"))
  }

  @Test("Everything that is missing is told at once, each with what belongs there")
  func missing() throws {
    try remove("models/experts/red")
    try remove("heads/green.safetensors")
    try remove("images/blue/test")
    try remove("models/experts/blue/model.safetensors")
    let problems = try diagnosis().problems
    #expect(
      problems.map(\.subject) == [
        "expert of 'red'", "head of 'green'", "expert of 'blue'", "images of 'blue'",
      ])
    for (problem, message) in zip(
      problems,
      [
        "models/experts/red: no such file or folder; put there the fine-tuned checkpoint: "
          + "config.json and model.safetensors",
        "heads/green.safetensors: no such file or folder; put there the classifier",
        "model.safetensors: can't be read: no such file",
        "images/blue/test: no such folder of images; there should be one folder of images for each",
      ])
    {
      #expect(problem.text.contains(message), "\(problem.text)")
    }
  }

  @Test("Without a base model the others are looked at all the same")
  func noBase() throws {
    try remove("models/base")
    let diagnosis = try diagnosis()
    #expect(diagnosis.problems.map(\.subject) == ["base model"])
    #expect(diagnosis.problems[0].text.contains("put there the pretrained checkpoint"))
    let expert = try #require(diagnosis.findings.first { $0.subject == "expert of 'red'" })
    #expect(expert.verdict == .remark)
    #expect(expert.text.hasSuffix("not held against the base model"))
    #expect(diagnosis.findings.contains { $0.subject == "images of 'blue'" })
  }

  @Test("An expert of another architecture or with NaN is told with every difference")
  func mismatches() throws {
    let other = ViTConfiguration(
      imageSize: 16, patchSize: 8, width: 16, layerCount: 1, headCount: 4, mlpWidth: 32,
      embeddingWidth: 8)
    var random = KeyedRandom(seed: 2, "other")
    try VisionCheckpoint(
      configuration: other,
      parameters: VisionTransformer(configuration: other).initialParameters(random: &random)
    ).write(to: "\(suite.path)/models/experts/red")
    var green = try VisionCheckpoint.load("\(suite.path)/models/experts/green")
    green.parameters.values[5] = .nan
    try green.write(to: "\(suite.path)/models/experts/green")
    let texts = try diagnosis().problems.map(\.text)
    #expect(texts.count == 3)
    for message in [
      "num_hidden_layers is 1, the base model's 2", "num_attention_heads is 4",
      "class_embedding': holds NaN",
    ] {
      #expect(texts.contains { $0.contains(message) }, "\(texts)")
    }
  }

  @Test("Unreadable images, strange classes and heads of another width are told")
  func images() throws {
    try suite.folder.write("P6\n20 18\n255\nshort", to: "images/red/test/dark/0.ppm")
    try FileManager.default.moveItem(
      atPath: "\(suite.path)/images/green/test/dark",
      toPath: "\(suite.path)/images/green/test/dim")
    var random = KeyedRandom(seed: 2, "head")
    try suite.writeHead("blue", width: 5, &random)
    let problems = try diagnosis().problems
    #expect(problems.map(\.subject) == ["images of 'red'", "images of 'green'", "head of 'blue'"])
    #expect(problems[0].text.contains("dark/0.ppm"))
    #expect(problems[0].text.contains("replace the file"))
    #expect(problems[1].text.contains("classes that"))
    #expect(problems[1].text.contains("does not have: dim; it has dark, light, striped"))
    #expect(problems[2].text.contains("a head for features of width 5, the base model's have 8"))
  }

  @Test("Classes of the head without images are a remark")
  func emptyClass() throws {
    try remove("images/red/test/striped")
    let diagnosis = try diagnosis()
    #expect(diagnosis.problems.isEmpty)
    #expect(
      diagnosis.findings.contains {
        $0.verdict == .remark && $0.text == "classes of the head without images: striped"
      })
  }

  @Test("Corruptions and options that there are not are problems of the plan")
  func recipes() throws {
    let diagnosis = try diagnosis(
      """
      methods: [{ties: {lamda: 1}}]
      experiments: [{name: e, corruptions: [flatt]}]
      """)
    #expect(diagnosis.problems.map(\.subject) == ["plan", "plan"])
    #expect(diagnosis.problems.contains { $0.text.contains("flatt") })
    #expect(diagnosis.problems.contains { $0.text.contains("lamda") })
  }
}
