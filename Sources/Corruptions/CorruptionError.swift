public import Imaging

/// Why a corruption can't be found or applied.
public enum CorruptionError: Error, Sendable {
  case unknownCorruption(String, nearest: String?, known: [String])
  case unknownProfile(String, corruption: String, nearest: String?, known: [String])
  /// Severities are 1 to 5.
  case severity(Int, corruption: String)
  /// A codec's error inside a corruption.
  case image(ImageError)
  /// A picture of the assets' folder is missing or no image; `expected` names all files.
  case asset(ImageError, expected: [String])
}

extension CorruptionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownCorruption(let name, let nearest, let known):
      "there is no corruption '\(name)'; \(Self.advice(nearest, known))"
    case .unknownProfile(let name, let corruption, let nearest, let known):
      "the corruption '\(corruption)' has no profile '\(name)'; \(Self.advice(nearest, known))"
    case .severity(let severity, let corruption):
      "the corruption '\(corruption)' has no severity \(severity); give 1 to 5"
    case .image(let error):
      "\(error)"
    case .asset(let error, let expected):
      "\(error); a folder of assets holds \(expected.joined(separator: ", ")), as the package "
        + "imagecorruptions does"
    }
  }

  private static func advice(_ nearest: String?, _ known: [String]) -> String {
    if let nearest { return "did you mean '\(nearest)'?" }
    return "there are: \(known.joined(separator: ", "))"
  }
}
