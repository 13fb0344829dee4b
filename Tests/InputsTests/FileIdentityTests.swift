import Foundation
import Inputs
import TestSupport
import Testing

@Suite("What tells files apart")
struct FileIdentityTests {
  @Test("A file is itself until it is replaced or written to")
  func identity() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("abc", to: "file")
    let first = try #require(FileIdentity(path))
    #expect(FileIdentity(path) == first)
    #expect(FileIdentity(try folder.write("abc", to: "copy")) != first)
    // Longer than the steps in which the system tells times.
    Thread.sleep(forTimeInterval: 0.1)
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.write(contentsOf: Data("xyz".utf8))
    try handle.close()
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: path)
    #expect(FileIdentity(path) != first)
    #expect(FileIdentity("\(folder.path)/none") == nil)
  }

  @Test("A file is settled some seconds after it was written")
  func settled() throws {
    let folder = try TemporaryFolder()
    let identity = try #require(FileIdentity(try folder.write("abc", to: "file")))
    #expect(!identity.isSettled(at: .now))
    #expect(identity.isSettled(at: .now + 10))
  }
}
