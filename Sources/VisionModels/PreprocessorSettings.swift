/// How images become a model's input, in files Hugging Face's `preprocessor_config.json`.
public struct PreprocessorSettings: Sendable, Hashable {
  public enum Filter: String, Sendable, Hashable {
    case lanczos, bilinear, bicubic, box
  }

  /// Pixels that images are resized to: of the short side, or of both sides if `isSquare`.
  public var size: Int
  /// Whether images are resized to a square whatever their shape.
  public var isSquare: Bool
  /// Pixels on a side of the centre crop, the model's input.
  public var cropSize: Int
  public var filter: Filter
  /// By channel, for values in 0...1.
  public var mean: [Float]
  public var standardDeviation: [Float]

  public static let clip = PreprocessorSettings(
    size: 224, isSquare: false, cropSize: 224, filter: .bicubic,
    mean: [0.48145466, 0.4578275, 0.40821073],
    standardDeviation: [0.26862954, 0.26130258, 0.27577711])
  public static let vit = PreprocessorSettings(
    size: 224, isSquare: true, cropSize: 224, filter: .bilinear, mean: [0.5, 0.5, 0.5],
    standardDeviation: [0.5, 0.5, 0.5])
  public static let dinov2 = PreprocessorSettings(
    size: 256, isSquare: false, cropSize: 224, filter: .bicubic, mean: [0.485, 0.456, 0.406],
    standardDeviation: [0.229, 0.224, 0.225])

  /// The same for another input, resized in proportion.
  func with(cropSize: Int) -> Self {
    var settings = self
    settings.size = max(cropSize, size * cropSize / self.cropSize)
    settings.cropSize = cropSize
    return settings
  }
}

extension PreprocessorSettings {
  /// Reads a `preprocessor_config.json`; what it leaves out is as `defaults`.
  ///
  /// - Throws: `ModelError.unreadable`, `.invalidConfiguration`.
  public init(contentsOf path: String, defaults: PreprocessorSettings) throws(ModelError) {
    let document = try ConfigurationFile.decode(Document.self, path: path)
    self = defaults
    if let size = document.size {
      (self.size, isSquare) = try size.resolved("size", path: path, isCrop: false)
    }
    if document.doCenterCrop == false || document.cropSize == nil && isSquare {
      cropSize = self.size
    } else if let crop = document.cropSize {
      cropSize = try crop.resolved("crop_size", path: path, isCrop: true).size
    }
    mean = document.imageMean ?? mean
    standardDeviation = document.imageStd ?? standardDeviation
    if let resample = document.resample {
      // Pillow's numbers.
      let filters: [Int: Filter] = [
        1: .lanczos, 2: .bilinear, 3: .bicubic, 4: .box,
      ]
      guard let filter = filters[resample] else {
        throw .invalidConfiguration(
          path: path, key: "resample",
          problem: "is \(resample), should be 1 to 4, Pillow's filters but nearest")
      }
      self.filter = filter
    }
    try check(document, path: path)
  }

  private func check(_ document: Document, path: String) throws(ModelError) {
    func invalid(_ key: String, _ problem: String) -> ModelError {
      .invalidConfiguration(path: path, key: key, problem: problem)
    }
    let limit = 1 << 14
    guard (1...limit).contains(size) else {
      throw invalid("size", "is \(size), should be 1 to \(limit)")
    }
    guard (1...size).contains(cropSize) else {
      throw invalid("crop_size", "is \(cropSize), should be 1 to the size, \(size)")
    }
    if document.doCenterCrop == false && !isSquare {
      throw invalid(
        "do_center_crop", "is false: images of other shapes than squares are not read uncropped")
    }
    guard mean.count == 3, mean.allSatisfy(\.isFinite) else {
      throw invalid("image_mean", "should be three numbers")
    }
    guard standardDeviation.count == 3, standardDeviation.allSatisfy({ $0 > 0 && $0.isFinite })
    else { throw invalid("image_std", "should be three numbers above 0") }
    if document.doResize == false { throw invalid("do_resize", "is false, should be true") }
    if document.doNormalize == false { throw invalid("do_normalize", "is false, should be true") }
    if let factor = document.rescaleFactor, abs(factor * 255 - 1) > 1e-6 {
      throw invalid("rescale_factor", "is \(factor), should be 1/255")
    }
  }

  private struct Document: Decodable {
    var size: Size?
    var cropSize: Size?
    var doCenterCrop: Bool?
    var doResize: Bool?
    var doNormalize: Bool?
    var rescaleFactor: Double?
    var imageMean: [Float]?
    var imageStd: [Float]?
    var resample: Int?
  }

  /// A number (older files), the shortest edge, or height and width.
  private struct Size: Decodable {
    var number: Int?
    var shortestEdge: Int?
    var height: Int?
    var width: Int?

    private enum Key: String, CodingKey { case shortestEdge, height, width }

    init(from decoder: any Decoder) throws {
      if let number = try? decoder.singleValueContainer().decode(Int.self) {
        self.number = number
        return
      }
      let container = try decoder.container(keyedBy: Key.self)
      shortestEdge = try container.decodeIfPresent(Int.self, forKey: .shortestEdge)
      height = try container.decodeIfPresent(Int.self, forKey: .height)
      width = try container.decodeIfPresent(Int.self, forKey: .width)
    }

    func resolved(
      _ key: String, path: String, isCrop: Bool
    ) throws(ModelError) -> (size: Int, isSquare: Bool) {
      if let number { return (number, isCrop) }
      if let shortestEdge { return (shortestEdge, false) }
      if let height, height == width { return (height, true) }
      throw .invalidConfiguration(
        path: path, key: key, problem: "should be shortest_edge, or height and width that are equal"
      )
    }
  }
}
