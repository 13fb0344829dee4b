public import Streams

/// The share of samples whose largest logit is the true class's.
public enum Accuracy {
  /// The number of samples that are predicted right.
  ///
  /// - Parameter labels: as places among the predictions' classes; has every sample.
  public static func correct(_ predictions: Predictions, labels: Labels) -> Int {
    precondition(labels.classNames.count == predictions.classCount, "labels of the same classes")
    return zip(predictions.samples, predictions.classes).count { sample, predicted in
      guard let label = labels[sample] else { preconditionFailure("no label for \(sample)") }
      return label == predicted
    }
  }

  /// 0 to 1.
  public static func share(_ predictions: Predictions, labels: Labels) -> Double {
    Double(correct(predictions, labels: labels)) / Double(predictions.count)
  }
}
