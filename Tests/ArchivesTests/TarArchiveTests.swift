import Archives
import Foundation
import TestSupport
import Testing

@Suite("Tar archives")
struct TarArchiveTests {
  private let members = [
    ArchiveMember(path: "a/1.txt", content: Array("one".utf8)),
    ArchiveMember(path: "empty", content: []),
    ArchiveMember(path: "block", content: [UInt8](repeating: 7, count: 512)),
    ArchiveMember(
      path: String(repeating: "folder/", count: 20) + "ü.bin",
      content: (0..<1500).map { UInt8($0 % 251) }),
  ]

  private func read(_ path: String) throws -> [ArchiveMember] {
    let reader = try TarReader(contentsOf: path)
    var members: [ArchiveMember] = []
    while let member = try reader.next() { members.append(member) }
    return members
  }

  private func tar(_ arguments: [String], in folder: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["tar"] + arguments
    process.currentDirectoryURL = URL(filePath: folder)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "tar \(arguments)")
  }

  /// One ustar header and its content, written by hand so that it may hold what no tool writes.
  private func entry(_ name: String, type: Character = "0", _ content: [UInt8] = []) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at start: Int) {
      for (index, byte) in text.utf8.enumerated() { header[start + index] = byte }
    }
    let isLink = type == "1" || type == "2"
    let size = String(isLink ? 0 : content.count, radix: 8)
    put(name, at: 0)
    put("0000644", at: 100)
    put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
    put("        ", at: 148)
    put(String(type), at: 156)
    if isLink { put("target", at: 157) }
    put("ustar\u{0}00", at: 257)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum, at: 148)
    header[154] = 0
    let padding = (512 - content.count % 512) % 512
    return isLink ? header : header + content + [UInt8](repeating: 0, count: padding)
  }

  @Test(
    "What is written is read again, with the same bytes each time, and lies there when finished")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    for name in ["x/a.tar", "x/b.tar"] {
      let writer = try TarWriter("\(folder.path)/\(name)")
      for member in members { try writer.append(member) }
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/\(name)"))
      try writer.finish()
    }
    #expect(try read("\(folder.path)/x/a.tar") == members)
    let files = try ["a", "b"].map {
      try Data(contentsOf: URL(filePath: "\(folder.path)/x/\($0).tar"))
    }
    #expect(files[0] == files[1])
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/x").count == 2)
  }

  @Test("The system's tar unpacks it")
  func unpacked() throws {
    let folder = try TemporaryFolder()
    let writer = try TarWriter("\(folder.path)/ours.tar")
    for member in members { try writer.append(member) }
    try writer.finish()
    try tar(["-xf", "ours.tar"], in: folder.path)
    for member in members {
      let bytes = try Data(contentsOf: URL(filePath: "\(folder.path)/\(member.path)"))
      #expect([UInt8](bytes) == member.content)
    }
  }

  @Test("The formats of the system's tar are read", arguments: ["ustar", "pax", "gnu"])
  func formats(format: String) throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: format == "ustar" ? 80 : 180) + "é.txt"
    try folder.write("long", to: "in/deep/\(name)")
    try tar(["--format=\(format)", "-cf", "x.tar", "-C", "in", "."], in: folder.path)
    #expect(
      try read("\(folder.path)/x.tar")
        == [ArchiveMember(path: "deep/\(name)", content: Array("long".utf8))])
  }

  @Test(
    "Paths that lead out of the folder are refused, and links",
    arguments: [
      ("/etc/passwd", "0", "holds '/etc/passwd'"), ("../up", "0", "holds '../up'"),
      ("a/../../b", "0", "holds 'a/../../b'"), ("a//b", "0", "holds 'a//b'"),
      ("link", "2", "'link' is a link"), ("hard", "1", "'hard' is a link"),
      ("pipe", "6", "'pipe' is a link or a device"),
    ] as [(String, Character, String)])
  func unsafe(name: String, type: Character, message: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(entry(name, type: type), to: "x.tar")
    let error = #expect(throws: ArchiveError.self) { try read(path) }
    #expect("\(error!)".hasPrefix("\(path): ") && "\(error!)".contains(message), "\(error!)")
    let writer = try TarWriter("\(folder.path)/y.tar")
    if type == "0" {
      #expect(throws: ArchiveError.unsafePath(path: "\(folder.path)/y.tar", member: name)) {
        try writer.append(ArchiveMember(path: name, content: []))
      }
    }
  }

  @Test("Damage is found, and files too large for memory are refused")
  func damage() throws {
    let folder = try TemporaryFolder()
    let whole = entry("a", [1, 2, 3]) + entry("b", [UInt8](repeating: 5, count: 700))
    #expect(try read(folder.write(whole, to: "whole.tar")).map(\.path) == ["a", "b"])
    var flipped = whole
    flipped[1024 + 3] ^= 1
    for bytes in [
      Array(whole.dropLast(600)), Array(whole.prefix(100)), flipped,
      [UInt8](repeating: 65, count: 512),
    ] {
      let path = try folder.write(bytes, to: "x.tar")
      let error = #expect(throws: ArchiveError.self) { try read(path) }
      #expect("\(error!)".hasPrefix("\(path): is no tar archive, or a damaged one ("))
    }
    let reader = try TarReader(contentsOf: "\(folder.path)/whole.tar", memberLimit: 600)
    #expect(try reader.next()?.path == "a")
    let error = #expect(throws: ArchiveError.self) { try reader.next() }
    #expect("\(error!)".hasSuffix("'b' has 700 bytes; at most 600 are read"))
    #expect(throws: ArchiveError.noFile("none.tar")) { try TarReader(contentsOf: "none.tar") }
  }

  @Test("An archive that is not finished leaves nothing behind")
  func unfinished() throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try TarWriter("\(folder.path)/x.tar")
      try writer.append(members[0])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}
