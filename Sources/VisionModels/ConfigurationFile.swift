internal import Foundation
internal import Inputs

/// A configuration in a JSON file with keys in snake case, as Hugging Face writes them.
package enum ConfigurationFile {
  /// - Throws: `ModelError.unreadable`, `.invalidConfiguration`.
  package static func decode<Document: Decodable>(
    _ type: Document.Type, path: String
  ) throws(ModelError) -> Document {
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(type, from: Data(InputFile.bytes(path, limit: .textBytes)))
    } catch let error as DecodingError {
      throw .invalidConfiguration(
        path: path, key: error.snakeCaseKey, problem: error.configurationProblem)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }
}

/// What a decoding error says of such a file.
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
