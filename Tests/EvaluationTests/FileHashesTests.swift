import Evaluation
import Foundation
import TensorCore
import TestSupport
import Testing

@Suite("Hashes of files")
struct FileHashesTests {
  private let folder: TemporaryFolder
  private let hashes = FileHashes()
  private var path: String { "\(folder.path)/weights" }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("first", to: "weights")
  }

  /// As if the file had been there for a while.
  private func hash() throws -> ContentHash { try hashes.hash(of: path, now: .now + 10) }

  @Test("A file is read once")
  func once() throws {
    for _ in 0..<3 { #expect(try hash() == ContentHash(of: "first")) }
    #expect(hashes.readCount == 1)
  }

  @Test("A file that was replaced or changed is read again, of the same size too")
  func changed() throws {
    _ = try hash()
    // Longer than the steps in which the system tells times.
    Thread.sleep(forTimeInterval: 0.1)
    try FileManager.default.removeItem(atPath: path)
    try folder.write("other", to: "weights")
    #expect(try hash() == ContentHash(of: "other"))
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.write(contentsOf: Data("longer than before".utf8))
    try handle.close()
    #expect(try hash() == ContentHash(of: "longer than before"))
    #expect(hashes.readCount == 3)
  }

  @Test("A file that was just written is read again: a change in the same moment leaves no trace")
  func fresh() throws {
    for _ in 0..<2 { #expect(try hashes.hash(of: path) == ContentHash(of: "first")) }
    #expect(hashes.readCount == 2)
  }

  @Test("A file that is gone has no hash")
  func gone() throws {
    _ = try hash()
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: (any Error).self) { try hash() }
  }
}
