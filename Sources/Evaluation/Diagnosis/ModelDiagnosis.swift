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

  private static let files =
    "config.json and model.safetensors, as save_pretrained of transformers writes them, or name a "
    + "file of weights in open_clip's names"

  init(_ suite: TaskSuite) {
    self.suite = suite
    let subject = "base model"
    if let missing = Finding.missing(
      suite.base, subject, belongs: "the pretrained checkpoint: \(Self.files) as 'base'")
    {
      (findings, base, preprocessing) = ([missing], nil, nil)
      return
    }
    var findings: [Finding] = []
    var loaded: VisionCheckpoint?
    var preprocessing: Preprocessing?
    do throws(ModelError) {
      let checkpoint = try VisionCheckpoint.load(suite.base, options: suite.loading)
      loaded = checkpoint
      let summary = try CheckpointDescription(suite.base, options: suite.loading).summary
      let configuration = checkpoint.configuration
      findings.append(
        Finding(
          .present, subject,
          "\(suite.base): \(summary), \(checkpoint.parameters.layout.count) parameters, images of "
            + "\(configuration.imageSize) pixels"))
    } catch {
      findings.append(Finding(.problem, subject, "\(error)"))
    }
    do throws(EvaluationError) {
      preprocessing = try loaded?.imagePreprocessing(suite.base)
    } catch {
      findings.append(Finding(.problem, subject, "\(error)"))
    }
    (self.findings, base) = (findings, loaded)
    self.preprocessing = preprocessing.map(suite.adjusted)
  }

  /// The expert of a task, held against the base model.
  func findings(ofExpert task: TaskFiles) -> [Finding] {
    let subject = "expert of '\(task.name)'"
    if let missing = Finding.missing(
      task.expert, subject,
      belongs: "the fine-tuned checkpoint: \(Self.files) as the task's 'expert'")
    {
      return [missing]
    }
    do throws(ModelError) {
      let summary = try CheckpointDescription(task.expert, options: suite.loading).summary
      let expert = try VisionCheckpoint.load(
        task.expert, options: suite.loading, completing: base)
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
            "\(task.expert): \($0); it should be \(suite.base), fine-tuned")
        }
      }
      return [Finding(.present, subject, "\(task.expert): \(summary), fits the base model")]
    } catch {
      return [Finding(.problem, subject, "\(error)")]
    }
  }

  /// The head of a task, held against the base model's features.
  func head(_ task: TaskFiles) -> (head: ClassificationHead?, findings: [Finding]) {
    let subject = "head of '\(task.name)'"
    if let missing = Finding.missing(
      task.head, subject,
      belongs: "the classifier: safetensors with 'weight' [classes, features] and class_names, an "
        + "official head_<Task>.pt, or what mergeshift head makes from class names")
    {
      return (nil, [missing])
    }
    do throws(ModelError) {
      let head = try ClassificationHead(contentsOf: task.head)
      if let width = base?.configuration.embeddingWidth, head.embeddingWidth != width {
        let error = EvaluationError.wrongHeadWidth(
          path: task.head, expected: width, got: head.embeddingWidth)
        return (head, [Finding(.problem, subject, "\(error); make one on its features")])
      }
      let names = head.hasClassNames ? "" : " without names"
      return (
        head,
        [
          Finding(
            .present, subject,
            "\(task.head): \(head.classCount) classes\(names), features of \(head.embeddingWidth)")
        ]
      )
    } catch {
      return (nil, [Finding(.problem, subject, "\(error)")])
    }
  }
}
