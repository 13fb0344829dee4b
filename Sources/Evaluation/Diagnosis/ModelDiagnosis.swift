internal import Checkpoints
internal import Imaging
internal import Merging
internal import VisionModels

/// The models and heads of a suite, looked at one by one.
struct ModelDiagnosis {
  typealias Finding = PlanDiagnosis.Finding

  /// Of the base model.
  let findings: [Finding]
  /// The base model, if it could be loaded.
  let base: VisionCheckpoint?
  /// How images become its input, if that is known.
  let preprocessing: Preprocessing?
  private let suite: TaskSuite

  init(_ suite: TaskSuite) {
    self.suite = suite
    let subject = "base model"
    let place = SuitePlace(.base)
    if let missing = suite.missing(place, at: suite.base) {
      (findings, base, preprocessing) = ([Finding(.problem, subject, missing)], nil, nil)
      return
    }
    var findings: [Finding] = []
    var loaded: VisionCheckpoint?
    var preprocessing: Preprocessing?
    do throws(EvaluationError) {
      let checkpoint = try Workbench.load(suite.base, suite.loading)
      loaded = checkpoint
      let summary = try Self.summary(suite.base, suite.loading)
      let configuration = checkpoint.configuration
      findings.append(
        Finding(
          .present, subject,
          "\(suite.base): \(summary), \(checkpoint.parameters.layout.count) parameters, images of "
            + "\(configuration.imageSize) pixels"))
    } catch {
      findings += Finding.problems(suite, place, subject, error)
    }
    do throws(EvaluationError) {
      preprocessing = try loaded?.imagePreprocessing(suite.base)
    } catch {
      findings += Finding.problems(suite, place, subject, error)
    }
    (self.findings, base) = (findings, loaded)
    self.preprocessing = preprocessing.map(suite.adjusted)
  }

  /// The expert of a task, held against the base model.
  func findings(ofExpert task: TaskFiles) -> [Finding] {
    let subject = "expert of '\(task.name)'"
    let place = SuitePlace(.expert, of: task.name)
    if let missing = suite.missing(place, at: task.expert) {
      return [Finding(.problem, subject, missing)]
    }
    do throws(EvaluationError) {
      let summary = try Self.summary(task.expert, suite.loading)
      let expert = try Workbench.load(task.expert, suite.loading, completing: base)
      guard let base else {
        return [
          Finding(
            .remark, subject, "\(task.expert): \(summary); not held against the base model")
        ]
      }
      var mismatches = ExpertComparison.mismatches(
        of: task.name, expert.configuration, base: base.configuration)
      if mismatches.isEmpty {
        mismatches = ExpertComparison.mismatches(
          of: task.name, expert.parameters, base: base.parameters.layout)
      }
      guard mismatches.isEmpty else {
        return mismatches.map {
          Finding(
            .problem, subject,
            suite.problem(
              place, "\(task.expert): \($0); it should be \(suite.base), fine-tuned"))
        }
      }
      return [Finding(.present, subject, "\(task.expert): \(summary), fits the base model")]
    } catch {
      return Finding.problems(suite, place, subject, error)
    }
  }

  /// The head of a task, held against the base model's features.
  func head(_ task: TaskFiles) -> (head: ClassificationHead?, findings: [Finding]) {
    let subject = "head of '\(task.name)'"
    let place = SuitePlace(.head, of: task.name)
    if let missing = suite.missing(place, at: task.head) {
      return (nil, [Finding(.problem, subject, missing)])
    }
    var head: ClassificationHead?
    do throws(EvaluationError) {
      let loaded = try Workbench.head(task).head
      head = loaded
      if let base { try Workbench.check(loaded, of: task, against: base.configuration) }
      let names = loaded.hasClassNames ? "" : " without names"
      let text =
        "\(task.head): \(loaded.classCount) classes\(names), features of \(loaded.embeddingWidth)"
      return (head, [Finding(.present, subject, text)])
    } catch {
      return (head, Finding.problems(suite, place, subject, error))
    }
  }

  private static func summary(
    _ path: String, _ options: LoadingOptions
  ) throws(EvaluationError) -> String {
    do {
      return try CheckpointDescription(path, options: options).summary
    } catch {
      throw .model(error)
    }
  }
}
