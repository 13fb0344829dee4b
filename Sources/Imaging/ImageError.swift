/// What can be wrong with an image file, or with an image that an operation gets.
public enum ImageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file can't be opened or read: it is missing, a folder, or not allowed.
  case unreadable(name: String, reason: String)
  /// The file has no content.
  case empty(name: String)
  /// The content begins like none of the formats; `beginning` shows how, for a reader.
  case unknownFormat(name: String, beginning: String)
  /// The content ends before the image does.
  case truncated(name: String, format: ImageFormat)
  /// The content breaks the rules of its format.
  case malformed(name: String, format: ImageFormat, problem: String)
  /// A lawful file of a kind that is not read.
  case unsupported(name: String, format: ImageFormat, feature: String)
  /// More pixels than the limit; found before memory is taken.
  case tooManyPixels(name: String, width: Int, height: Int, limit: Int)
  /// An image could not be written in a format.
  case encodingFailed(format: ImageFormat, problem: String)
  /// An image whose size an operation can't work with; `needed` says what would be right.
  case unsuitableSize(operation: String, width: Int, height: Int, needed: String)

  public var description: String {
    switch self {
    case .unreadable(let name, let reason):
      "\(name): cannot be read: \(reason)"
    case .empty(let name):
      "\(name): the file is empty; expected a PNG, JPEG or PNM image"
    case .unknownFormat(let name, let beginning):
      "\(name): not an image: begins with \(beginning); expected PNG, JPEG or PNM (P1 to P6)"
    case .truncated(let name, let format):
      "\(name): the \(format.rawValue) image is cut off before its end"
    case .malformed(let name, let format, let problem):
      "\(name): not a valid \(format.rawValue) image: \(problem)"
    case .unsupported(let name, let format, let feature):
      "\(name): \(format.rawValue) image with \(feature), which is not supported"
    case .tooManyPixels(let name, let width, let height, let limit):
      "\(name): \(width) x \(height) pixels are more than the limit of \(limit) pixels"
    case .encodingFailed(let format, let problem):
      "the image cannot be written as \(format.rawValue): \(problem)"
    case .unsuitableSize(let operation, let width, let height, let needed):
      "\(operation): the image has \(width) x \(height) pixels; needed: \(needed)"
    }
  }
}
