internal import Checkpoints
internal import Imaging
internal import TensorCore
internal import VisionModels

/// The features of whole data sets, and how many of them a head classifies rightly.
struct FeatureExtraction<Encoder: ImageEncoder>: Sendable {
  let encoder: Encoder
  let preprocessing: Preprocessing
  private let batchSize = 128

  init(encoder: Encoder, preprocessing: Preprocessing) {
    self.encoder = encoder
    self.preprocessing = preprocessing
  }

  /// The features [N,E] of the samples `indices`; augmented if a key for the draws is given.
  func features(
    of dataset: PooledDataset, indices: [Int], parameters: borrowing StateDict,
    augmentation: Augmentation = .none, random: (@Sendable (Int) -> KeyedRandom)? = nil
  ) -> (features: Tensor, labels: [Int]) {
    var values: [Float] = []
    var labels: [Int] = []
    for start in stride(from: 0, to: indices.count, by: batchSize) {
      let batch = Array(indices[start..<min(indices.count, start + batchSize)])
      let samples = Parallel.map(batch.count) { place in
        let sample = dataset.sample(batch[place])
        guard var draws = random?(batch[place]) else { return sample }
        return TrainingSample(
          image: augmentation.apply(to: sample.image, using: &draws), label: sample.label)
      }
      let pixels = preprocessing.normalize(samples.map(\.image))
      values += encoder.features(of: pixels, parameters: parameters).values
      labels += samples.map(\.label)
    }
    return (Tensor(shape: [indices.count, encoder.embeddingWidth], values: values), labels)
  }

  /// The share of a data set that the classifier gets right.
  func accuracy(
    on dataset: PooledDataset, parameters: borrowing StateDict, classifier: CosineClassifier
  ) -> Double {
    precondition(dataset.count > 0, "an accuracy of something")
    let (features, labels) = features(
      of: dataset, indices: Array(0..<dataset.count), parameters: parameters)
    let outcome = classifier.evaluate(features: features, labels: labels)
    return Double(outcome.correctCount) / Double(dataset.count)
  }
}
