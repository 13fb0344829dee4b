import Foundation
import Inputs
import TestSupport
import Testing

@Suite("Input files")
struct InputFileTests {
  private func error(_ path: String, limit: Limit = .textBytes) -> InputError? {
    do {
      _ = try InputFile.bytes(path, limit: limit)
      return nil
    } catch {
      return error
    }
  }

  @Test("A file is read whole, through links too")
  func content() throws {
    let folder = try TemporaryFolder()
    try folder.write("abc", to: "a")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/a")
    #expect(try InputFile.bytes("\(folder.path)/link", limit: .textBytes) == Array("abc".utf8))
    #expect(try InputFile.text("\(folder.path)/a", limit: .textBytes) == "abc")
  }

  @Test("An open file is read in parts, and is an error where it has become shorter")
  func parts() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("0123456789", to: "a")
    let file = try RandomAccessFile(path)
    #expect(file.count == 10)
    #expect(try file.bytes(3..<6) == Array("345".utf8))
    #expect(try file.bytes(10..<10).isEmpty)
    #expect(throws: InputError.shortened(bytes: 10, needed: 12)) { try file.bytes(8..<12) }
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 4)
    #expect(throws: InputError.shortened(bytes: 4, needed: 6)) { try file.bytes(3..<6) }
    // Replaced by another: it stays the one that was opened.
    try Data("abcdefghij".utf8).write(to: URL(filePath: path), options: .atomic)
    #expect(try file.bytes(0..<4) == Array("0123".utf8))
  }

  @Test("What is no file is told apart, and a pipe is not waited for", .timeLimit(.minutes(1)))
  func kinds() throws {
    let folder = try TemporaryFolder()
    #expect(error("\(folder.path)/nothing") == .missing)
    #expect(error("\(folder.path)/") == .folder)
    #expect(unsafe mkfifo("\(folder.path)/pipe", 0o600) == 0)
    #expect(error("\(folder.path)/pipe") == .special)
    #expect(error("/dev/zero") == .special)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link", withDestinationPath: "nowhere")
    #expect(error("\(folder.path)/link") == .danglingLink)
    try folder.write([0xff], to: "binary")
    #expect(throws: InputError.notText) {
      try InputFile.text("\(folder.path)/binary", limit: .textBytes)
    }
  }

  @Test("A file that may not be read is told", .enabled(if: getuid() != 0, "root reads everything"))
  func permission() throws {
    let folder = try TemporaryFolder()
    try folder.write("abc", to: "a")
    #expect(unsafe chmod("\(folder.path)/a", 0) == 0)
    #expect(error("\(folder.path)/a") == .noPermission)
  }

  @Test("A file above its limit is refused before it is read, whatever disk it takes")
  func sizes() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "large")
    #expect(unsafe truncate("\(folder.path)/large", 1 << 40) == 0)
    #expect(
      error("\(folder.path)/large", limit: .yamlBytes)
        == .tooLarge(bytes: 1 << 40, limit: .yamlBytes, value: 8 << 20))
  }

  @Test("Every limit has a name of its own and lets honest files through")
  func limits() {
    #expect(Set(Limit.allCases.map(\.rawValue)).count == Limit.allCases.count)
    #expect(Limit.allCases.allSatisfy { $0.standard >= 64 && $0.value == $0.standard })
  }
}

@Suite("Input folders")
struct InputFolderTests {
  @Test("Names come in byte order, hidden ones too")
  func names() throws {
    let folder = try TemporaryFolder()
    for name in ["b", "a/x", ".hidden", "é"] { try folder.write("", to: name) }
    #expect(try InputFolder.names(in: folder.path) == [".hidden", "a", "b", "é"])
  }

  @Test("What is no folder is told")
  func kinds() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    #expect(throws: InputError.missing) { try InputFolder.names(in: "\(folder.path)/nothing") }
    #expect(throws: InputError.system("it is no folder")) {
      try InputFolder.names(in: "\(folder.path)/file")
    }
  }

  #if os(Linux)  // Other systems' file systems refuse such names themselves.
    @Test("A name that is not UTF-8 is told, not left out")
    func invalidNames() throws {
      let folder = try TemporaryFolder()
      let path = Array("\(folder.path)/a".utf8CString.dropLast()) + [-1, 0]
      let descriptor = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
      #expect(descriptor >= 0)
      close(descriptor)
      #expect(throws: InputError.invalidName(#"a\xff"#)) {
        try InputFolder.names(in: folder.path)
      }
    }
  #endif
}
