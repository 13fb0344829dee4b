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

  /// Looks at everything that `plan` names. Models are loaded one at a time; of images a few of each
  /// class are decoded.
  ///
  /// - Parameters:
  ///   - output: where results would go, which need not exist.
  ///   - progress: told the share that is done, 0 to 1, and what comes next.
  public init(
    _ plan: Plan, library: RecipeLibrary, output: String,
    progress: (Double, String) -> Void = { _, _ in }
  ) {
    let recipes = PlanRecipes(plan, library: library)
    for problem in recipes.problems { add(.problem, "plan", problem) }
    let total = Double(plan.tasks.count + 2)
    progress(0, "base model")
    let models = ModelDiagnosis(plan.suite)
    findings += models.findings
    var images: [String: Int] = [:]
    for (index, name) in plan.tasks.enumerated() {
      progress(Double(index + 1) / total, "task \(name)")
      guard let task = plan.suite[name] else { continue }
      findings += models.findings(ofExpert: task)
      let head = models.head(task)
      findings += head.findings
      let found = ImageDiagnosis(task, head: head.head, preprocessing: models.preprocessing)
      findings += found.findings
      images[name] = found.count
    }
    progress(Double(plan.tasks.count + 1) / total, "speed")
    guard let base = models.base else { return }
    let cost = PlanCost(plan, images: images, base: base)
    findings += cost.findings(output: output)
  }

  private mutating func add(_ verdict: Finding.Verdict, _ subject: String, _ text: String) {
    findings.append(Finding(verdict: verdict, subject: subject, text: text))
  }
}

extension PlanDiagnosis.Finding {
  init(_ verdict: Verdict, _ subject: String, _ text: String) {
    self.init(verdict: verdict, subject: subject, text: text)
  }

  /// Whether there is nothing at `path`, and then the finding that says so and what belongs there.
  static func missing(_ path: String, _ subject: String, belongs: String) -> Self? {
    guard !FileManager.default.fileExists(atPath: path) else { return nil }
    return Self(.problem, subject, "\(path): no such file or folder; put there \(belongs)")
  }
}
