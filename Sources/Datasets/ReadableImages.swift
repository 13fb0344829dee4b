internal import Imaging
public import Streams
internal import TensorCore

/// The images of a data set that were left out because they can't be read.
public struct SkippedImages: Sendable, Equatable, CustomStringConvertible {
  /// The data set's name.
  public let name: String
  /// With those that were left out.
  public let total: Int
  /// What is wrong with each, in the order of the data set; every text names the file.
  public let reasons: [String]

  public init(name: String, total: Int, reasons: [String]) {
    self.name = name
    self.total = total
    self.reasons = reasons
  }

  /// How many there are, and the first of them.
  public var description: String {
    let shown = reasons.prefix(3).map { "\n  \($0)" }.joined()
    let others = reasons.count > 3 ? "\n  and \(reasons.count - 3) more" : ""
    return "\(name): \(reasons.count) of \(total) images can't be read and are left out:"
      + shown + others
  }
}

extension LabeledImages {
  /// The data set without the images that can't be decoded: all are decoded once, on all threads.
  /// It is as if they had never been listed, for streams as well as for the hash of the data.
  ///
  /// - Returns: nil for the skipped images if there are none.
  /// - Throws: `noReadableImages`.
  public func readable() throws(DatasetError) -> (images: LabeledImages, skipped: SkippedImages?) {
    let samples = images.samples
    let failures = Parallel.map(samples.count) { index -> String? in
      do {
        _ = try samples[index].image()
        return nil
      } catch {
        return "\(error)"
      }
    }
    let reasons = failures.compactMap(\.self)
    guard let first = reasons.first else { return (self, nil) }
    guard reasons.count < samples.count else {
      throw .stream(.noReadableImages(images.name, count: samples.count, first: first))
    }
    var kept = Builder(name: images.name)
    for (sample, failure) in zip(samples, failures) where failure == nil {
      _ = kept.append(sample, classIndex: labels[sample.id]!)
    }
    return (
      kept.labeled(labels.classNames),
      SkippedImages(name: images.name, total: samples.count, reasons: reasons)
    )
  }
}
