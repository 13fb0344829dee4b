import TensorCore
import Testing

@Suite("Temporary files without a name")
struct UnnamedFileTests {
  @Test("What is written in any order comes back, in any part")
  func roundTrip() throws {
    let file = try UnnamedFile("test")
    try file.write([4, 5, 6], at: 3)
    try file.write([1, 2, 3], at: 0)
    #expect(try file.bytes(0..<6) == [1, 2, 3, 4, 5, 6])
    #expect(try file.bytes(2..<4) == [3, 4])
    #expect(try file.bytes(5..<5) == [])
  }

  @Test("What was never written can't be read, and the error names the folder")
  func beyondTheEnd() throws {
    let file = try UnnamedFile("test")
    try file.write([1, 2, 3], at: 0)
    let error = try #require(throws: UnnamedFile.Failure.self) { try file.bytes(2..<5) }
    #expect(error.folder == file.folder)
  }
}
