internal import Foundation

/// What a decoding error says of a `config.json`.
extension DecodingError {
  private var context: Context? {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context
    @unknown default: nil
    }
  }

  /// Where in the file, in the file's snake case.
  package var snakeCaseKey: String {
    let path = context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
    let words = path.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }
    return path.isEmpty ? "the file" : words.joined()
  }

  /// What is wrong there.
  package var configurationProblem: String {
    if case .typeMismatch(let type, _) = self { return "should be of type \(type)" }
    return context?.debugDescription ?? "can't be decoded"
  }
}
