public import Imaging
public import VisionModels

extension Preprocessing {
  /// What a checkpoint's preprocessor says.
  public init(_ settings: PreprocessorSettings) {
    let filter: ResampleFilter =
      switch settings.filter {
      case .lanczos: .lanczos
      case .bilinear: .bilinear
      case .bicubic: .bicubic
      case .box: .box
      }
    self.init(
      imageSize: settings.cropSize, mean: settings.mean,
      standardDeviation: settings.standardDeviation, resizedSize: settings.size,
      isSquare: settings.isSquare, filter: filter)
  }

  /// Everything that decides how images become a model's input, apart from its size.
  var fingerprint: String {
    let statistics = "\(mean) \(standardDeviation)"
    guard resizedSize != imageSize || isSquare || filter != .bicubic else { return statistics }
    return "\(statistics) \(filter) \(isSquare ? "square" : "short side") \(resizedSize)"
  }
}

extension VisionCheckpoint {
  /// How images become the model's input.
  ///
  /// - Parameter path: of the checkpoint, for the error.
  /// - Throws: `differentCrop` if the preprocessor's images are of another size than the model's.
  public func imagePreprocessing(_ path: String) throws(EvaluationError) -> Preprocessing {
    guard preprocessing.cropSize == configuration.imageSize else {
      throw .differentCrop(
        path: path, crop: preprocessing.cropSize, model: configuration.imageSize)
    }
    return Preprocessing(preprocessing)
  }
}
