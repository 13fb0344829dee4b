import Foundation
import TestSupport
import Testing

/// One table of bad inputs, as libpng's and safetensors' own corpora are. Tests of the modules look
/// closer at single checks; what holds for all of them is here.
@Suite("Bad inputs")
struct CorpusTests {
  @Test(
    "Each is refused with a message that names file and place, and leaves nothing behind",
    .timeLimit(.minutes(1)), arguments: BadInput.all)
  func refusal(_ input: BadInput) throws {
    let folder = try TemporaryFolder()
    try input.make(folder)
    let before = try contents(folder)
    do {
      try input.read(folder)
      Issue.record("it was read")
    } catch {
      let message = "\(error)"
      #expect(message.contains(input.file), "\(message)")
      #expect(message.contains(input.says), "\(message)")
      #expect(input.isList || !message.contains("\n"), "\(message)")
    }
    #expect(try contents(folder) == before)
  }

  private func contents(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
  }

  @Test("The table holds 120 inputs or more, each under a name of its own")
  func size() {
    #expect(BadInput.all.count >= 120, "\(BadInput.all.count)")
    #expect(Set(BadInput.all.map(\.name)).count == BadInput.all.count)
  }
}
