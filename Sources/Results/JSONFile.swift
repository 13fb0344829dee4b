internal import Foundation
internal import Inputs

/// Files of JSON in a results folder, which may have been damaged or replaced since they were written.
package enum JSONFile {
  /// What the file at `path` holds.
  ///
  /// - Throws: `InputError` for what is no regular file, can't be read or is too large; `DecodingError`.
  package static func read<Value: Decodable>(
    _ path: String, as type: Value.Type = Value.self
  ) throws -> Value {
    try JSONDecoder().decode(type, from: Data(InputFile.bytes(path, limit: .textBytes)))
  }
}
