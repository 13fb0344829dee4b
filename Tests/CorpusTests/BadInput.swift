import TestSupport
import Testing

/// A file or folder that can't be used, what reads it, and what the refusal has to say.
struct BadInput: Sendable, CustomTestStringConvertible {
  let name: String
  /// The file that the message has to name.
  let file: String
  /// What else the message has to hold: the place or the reason.
  let says: String
  /// Whether the message may list several problems, a line each.
  let isList: Bool
  /// Makes the input in a folder.
  let make: @Sendable (TemporaryFolder) throws -> Void
  /// Reads what was made, as the commands do.
  let read: @Sendable (TemporaryFolder) throws -> Void

  init(
    _ name: String, file: String, says: String, isList: Bool = false,
    make: @escaping @Sendable (TemporaryFolder) throws -> Void = { _ in },
    read: @escaping @Sendable (TemporaryFolder) throws -> Void
  ) {
    self.name = name
    self.file = file
    self.says = says
    self.isList = isList
    self.make = make
    self.read = read
  }

  var testDescription: String { name }

  static let all = images + files + checkpoints + configurations + datasets
}
