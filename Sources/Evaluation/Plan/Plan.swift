public import Configuration
internal import Merging
internal import Streams
public import TensorCore

/// What a command line changes of a plan, in all its experiments.
public struct PlanOverrides: Sendable {
  public var severities: [Severity]?
  public var seeds: [UInt64]?
  public var steps: Int?
  public var batchesPerStep: Int?
  public var batchSize: Int?
  public var learningRate: Double?

  public init(severities: [Severity]? = nil, seeds: [UInt64]? = nil) {
    self.severities = severities
    self.seeds = seeds
  }

  func applied(to settings: AdaMergingSettings) -> AdaMergingSettings {
    var settings = settings
    settings.steps = steps ?? settings.steps
    settings.batchesPerStep = batchesPerStep ?? settings.batchesPerStep
    settings.batchSize = batchSize ?? settings.batchSize
    settings.learningRate = learningRate ?? settings.learningRate
    return settings
  }
}

/// What `mergeshift bench` runs, as a YAML file describes it:
///
///     name: my-plan
///     suite: ../suite.yaml            # the models, tasks and images; relative to the plan
///     # The keys from here on may stand at the top, for all experiments, and in an experiment.
///     methods:                        # default 'all', of the paper's tables; 'catalogue': every one
///       - pretrained
///       - task-arithmetic: {lambda: 0.3, grid: {lambda: [0.1, 0.2, 0.4]}}
///       - adamerging-layerwise: {entropy_threshold: 0.4, sharpness: 0.05}
///     profile: imagecorruptions       # how recipes are read
///     severity: 3                     # of the corruptions; 1 to 5 or between, or a list
///     adaptation: paper               # or fusionbench: how methods adapt; the next four change it
///     steps: 500                      # of each phase of a stream
///     batches_per_step: 2             # per task
///     batch_size: 16
///     learning_rate: 0.001
///     seeds: [0]
///     protocol: transductive          # a `ShiftProtocol`; default, or custom with the next two
///     adapt:                          # what changes of the streams that are adapted to
///       corruptions: [clean]          # default: those of the experiment
///       severity: 3                   # default: those of the experiment
///       shift: same                   # each, mixed, ramp, continual, recurring
///       rounds: 3                     # of a recurring shift
///       part: all                     # first-half, second-half
///       amount: 1                     # the share of the images; 0.01: 1 %
///       classes: 1                    # the share of the classes
///       order: shuffled               # sorted, dirichlet
///       delta: 0.1                    # the concentration of dirichlet
///       mix: per-task                 # interleaved, proportional
///       one_pass: false               # every image once instead of so many steps
///     evaluate:                       # what changes of those that are evaluated
///       mixed: false                  # one stream, each image under one of the corruptions
///       part: all                     # as above, with amount and classes
///       online: predict-then-adapt    # adapt-then-predict; default: after the adaptation
///       boundaries: false             # all phases' domains at the end of each phase
///     experiments:
///       - name: unseen
///         seen: [a, b]                # default: all tasks of the suite but the unseen ones
///         unseen: [c]                 # evaluated, not merged; or leave-one-out; default: none
///         corruptions: [clean, fog]   # default: clean
public struct Plan: Hashable, Sendable {
  public let file: String
  public let name: String
  public var suite: TaskSuite
  public let experiments: [Experiment]

  public init(file: String, name: String, suite: TaskSuite, experiments: [Experiment]) {
    self.file = file
    self.name = name
    self.suite = suite
    self.experiments = experiments
  }

  /// Reads the plan and the suite that it names.
  ///
  /// - Parameters:
  ///   - methodNames: every method that there is.
  ///   - overrides: what the command line sets instead.
  /// - Throws: all that is wrong with both at once.
  public init(
    contentsOf path: String, methodNames: [String], overrides: PlanOverrides = PlanOverrides()
  ) throws(ConfigurationError) {
    self = try PlanReading(contentsOf: path, methodNames: methodNames, overrides: overrides).plan()
  }
}
