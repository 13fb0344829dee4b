public import Configuration
public import Imaging

/// Why a corruption can't be found or applied.
public enum CorruptionError: Error, Sendable {
  case unknownCorruption(String, nearest: String?, known: [String])
  case unknownProfile(String, corruption: String, nearest: String?, known: [String])
  /// What follows `@` in a profile's name is no side of an image.
  case profileSide(String)
  /// Severities are 1 to 5.
  case severity(Int, corruption: String)
  /// Fractional severities are 0 to 5.
  case fractionalSeverity(Double, corruption: String)
  /// The recipe can't be had at the severity or in the profile that was asked for.
  case recipe(ConfigurationError)
  /// The corruption runs a program, and nobody said that it may.
  case programNotAllowed(program: String, corruption: String)
  /// A program of a recipe failed.
  case program(String, problem: String)
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
    case .profileSide(let text):
      "the profile '\(text)' has no image size behind '@'; give "
        + "\(ProfileName.sideRange.lowerBound) to \(ProfileName.sideRange.upperBound) pixels, as "
        + "imagenet-c@224"
    case .severity(let severity, let corruption):
      "the corruption '\(corruption)' has no severity \(severity); give 1 to 5"
    case .fractionalSeverity(let severity, let corruption):
      "the corruption '\(corruption)' has no severity \(severity); give 0 to 5"
    case .recipe(let error):
      "\(error)"
    case .programNotAllowed(let program, let corruption):
      "the corruption '\(corruption)' runs the program '\(program)'; if you trust it, give "
        + "--allow-exec"
    case .program(let program, let problem):
      "the program '\(program)' \(problem)"
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
