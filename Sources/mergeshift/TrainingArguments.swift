import ArgumentParser
import Training

/// The sizes of the vision transformer that is trained.
struct ModelArguments: ParsableArguments {
  @Option(help: "The side of the model's square input, in pixels.")
  var imageSize = 64
  @Option(help: "The side of a patch; divides the image size.")
  var patchSize = 8
  @Option(help: "The width of a token.")
  var width = 96
  @Option(help: "The number of layers.")
  var layers = 4
  @Option(help: "Attention heads per layer; divides the width.")
  var heads = 6
  @Option(help: "The width of the MLP's hidden layer; four times the width unless given.")
  var mlpWidth: Int?
  @Option(help: "The length of the features that heads classify.")
  var embeddingWidth = 64

  var settings: ModelSettings {
    ModelSettings(
      imageSize: imageSize, patchSize: patchSize, width: width, layers: layers, heads: heads,
      mlpWidth: mlpWidth ?? 4 * width, embeddingWidth: embeddingWidth)
  }
}

/// How long and how fast the model learns.
struct OptimizationArguments: ParsableArguments {
  @Option(help: "Pretraining steps.")
  var steps = 2000
  @Option(help: "Images per pretraining step, of all tasks together.")
  var batchSize = 128
  @Option(help: "The peak learning rate of pretraining.")
  var learningRate = 1e-3
  @Option(help: "How many training images of each task the base model sees; 0 for all.")
  var pretrainingImages = 0
  @Option(help: "Linear-probe steps per head.")
  var probeSteps = 1000
  @Option(
    help: """
      Augmented views of each image that heads are learned from, beside the image itself; 0 views \
      and 0 probe steps make heads of class means.
      """)
  var probeViews = 1
  @Option(help: "Fine-tuning steps per expert.")
  var expertSteps = 600
  @Option(help: "Images per fine-tuning step.")
  var expertBatchSize = 64
  @Option(help: "The peak learning rate of fine-tuning; small, so that experts merge linearly.")
  var expertLearningRate = 3e-4
  @Option(help: "AdamW's weight decay.")
  var weightDecay = 0.05
  @Option(help: "The share of the target spread over all classes in pretraining and heads.")
  var labelSmoothing = 0.1
  @Option(
    help: """
      The same in fine-tuning; more than 0 hides from AdaMerging how sure an expert is of its task.
      """)
  var expertLabelSmoothing = 0.0
  @Option(help: "The factor of the cosines in the logits.")
  var logitScale: Float = 20

  func settings(seed: UInt64, model: ModelSettings) -> TrainingSettings {
    TrainingSettings(
      seed: seed, model: model, logitScale: logitScale,
      pretraining: OptimizationSettings(
        steps: steps, batchSize: batchSize, learningRate: learningRate,
        labelSmoothing: labelSmoothing, optimizer: .init(weightDecay: weightDecay),
        imagesPerTask: pretrainingImages),
      probe: ProbeSettings(steps: probeSteps, labelSmoothing: labelSmoothing, views: probeViews),
      experts: OptimizationSettings(
        steps: expertSteps, batchSize: expertBatchSize, learningRate: expertLearningRate,
        labelSmoothing: expertLabelSmoothing, optimizer: .init(weightDecay: weightDecay)))
  }
}
