internal import Imaging
internal import TensorCore
internal import Training

/// A task's training or validation images, rendered on demand: image `index` is of class
/// `index % classCount`, so that classes are as even as the count allows.
struct RenderedDataset: TrainingDataset {
  let task: any SuiteTask.Type
  let seed: UInt64
  /// The first image number of each class.
  let firstNumber: Int
  let count: Int

  var classNames: [String] { task.classNames }

  func sample(_ index: Int) -> TrainingSample {
    let label = index % classNames.count
    let image = SuiteRenderer.image(
      task: task, split: .train, classIndex: label,
      index: firstNumber + index / classNames.count, seed: seed)
    return TrainingSample(image: image, label: label)
  }

  /// How many numbers of each class are taken.
  var numbersPerClass: Int { (count + classNames.count - 1) / classNames.count }
}
