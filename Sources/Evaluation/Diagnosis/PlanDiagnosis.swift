internal import Configuration
public import Corruptions
internal import Foundation
internal import Streams
internal import VisionModels

/// What a plan needs held against what is there, without running it: everything that is missing or
/// doesn't fit, each with a sentence on what would be right.
public struct PlanDiagnosis: Sendable {
  /// One thing looked at.
  public struct Finding: Sendable, Equatable {
    public enum Verdict: Sendable { case present, remark, problem }

    public let verdict: Verdict
    /// As `expert of 'cars'`.
    public let subject: String
    public let text: String
  }

  /// In the order in which they were looked at: recipes, the base model, task by task expert, head
  /// and images, what it costs.
  public private(set) var findings: [Finding] = []

  public var problems: [Finding] { findings.filter { $0.verdict == .problem } }

  /// Looks at everything that a plan names. Models are loaded one at a time; of images a few of each
  /// class are decoded.
  ///
  /// - Parameters:
  ///   - reading: the plan as far as it could be read.
  ///   - output: where results would go, which need not exist.
  ///   - progress: told the share that is done, 0 to 1, and what comes next.
  public init(
    _ reading: PlanReading, library: RecipeLibrary, output: String,
    progress: (Double, String) -> Void = { _, _ in }
  ) {
    let recipes = PlanRecipes(reading.experiments, library: library)
    findings = (reading.problems.map(\.description) + recipes.problems).map {
      Finding(.problem, "plan", $0)
    }
    guard let suite = reading.suite else { return }
    let tasks = reading.openableTasks
    let total = Double(tasks.count + 2)
    progress(0, "base model")
    let models = ModelDiagnosis(suite)
    findings += models.findings
    var images: [String: LabeledImages] = [:]
    for (index, task) in tasks.enumerated() {
      progress(Double(index + 1) / total, "task \(task.name)")
      findings += models.findings(ofExpert: task)
      let head = models.head(task)
      findings += head.findings
      let found = ImageDiagnosis(
        task, of: suite, head: head.head, preprocessing: models.preprocessing)
      findings += found.findings
      images[task.name] = found.images
    }
    progress(Double(tasks.count + 1) / total, "speed")
    guard let base = models.base, reading.problems.isEmpty else { return }
    let cost = PlanCost(reading.experiments, images: images, base: base)
    findings += cost.findings(output: output)
  }
}

extension PlanDiagnosis.Finding {
  init(_ verdict: Verdict, _ subject: String, _ text: String) {
    self.init(verdict: verdict, subject: subject, text: text)
  }

  /// What an error says about a part of a suite.
  static func problems(
    _ suite: TaskSuite, _ place: SuitePlace, _ subject: String, _ error: EvaluationError
  ) -> [Self] {
    suite.problems(place, error).map { Self(.problem, subject, $0) }
  }
}
