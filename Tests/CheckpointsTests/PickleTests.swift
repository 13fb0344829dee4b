import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing

/// A zip archive of stored files, as small as the format allows; if `zip64`, with all sizes where
/// large archives have them.
func zip(_ files: [(name: String, content: [UInt8])], zip64: Bool = false) -> [UInt8] {
  func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  func short(_ value: Int, _ count: Int) -> [UInt8] { little(zip64 ? -1 : value, count) }
  var output: [UInt8] = []
  var directory: [UInt8] = []
  for (name, content) in files {
    let size = content.count
    let start = output.count
    output += [0x50, 0x4b, 3, 4] + little(0, 14) + little(size, 4) + little(size, 4)
    output += little(name.utf8.count, 2) + [0, 0] + Array(name.utf8) + content
    // Another field, then that of zip64.
    let sizes = little(size, 8) + little(size, 8) + little(start, 8)
    let extra = zip64 ? [9, 9, 1, 0, 7, 1, 0, 24, 0] + sizes : []
    directory += [0x50, 0x4b, 1, 2] + little(0, 16) + short(size, 4) + short(size, 4)
    directory += little(name.utf8.count, 2) + little(extra.count, 2) + little(0, 10)
    directory += short(start, 4) + Array(name.utf8) + extra
  }
  let (start, end) = (output.count, output.count + directory.count)
  output += directory
  if zip64 {
    output += [0x50, 0x4b, 6, 6] + little(44, 8) + little(0, 12)
    output += little(files.count, 8) + little(files.count, 8)
    output += little(directory.count, 8) + little(start, 8)
    output += [0x50, 0x4b, 6, 7] + little(0, 4) + little(end, 8) + little(1, 4)
  }
  return output + [0x50, 0x4b, 5, 6] + little(0, 4) + short(files.count, 2)
    + short(files.count, 2) + short(directory.count, 4) + short(start, 4) + [0, 0]
}

@Suite("Pickles")
struct PickleTests {
  /// What reading a file with this pickle and no storages says.
  private func problem(_ pickle: [UInt8]) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(zip([("m/data.pkl", pickle)]), to: "m.pt")
    let error = #expect(throws: CheckpointError.self) { try TorchStateDict(path: path) }
    return error?.description.replacing("\(folder.path)/", with: "") ?? ""
  }

  private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("What would run a program is refused by the name of the function")
  func execution() throws {
    let pickle = ascii("cposix\nsystem\n(X") + [4, 0, 0, 0] + ascii("truetR.")
    #expect(try problem(pickle).contains("an object of the class posix.system"))
  }

  @Test(
    "Malformed pickles are refused with the reason",
    arguments: [
      ("", "it is cut off"), (".", "a value is missing"), ("}u.", "a group without a beginning"),
      ("}(Nu.", "a key without a value"), ("N(NNu.", "items for what is no dictionary"),
      ("a.", "a value is missing"), ("NNa.", "elements for what is no list"),
      ("h\u{7}.", "nothing was noted as number 7"), ("NNR.", "a call of what is no class"),
      ("NQ.", "a reference to something other than a storage"),
      ("ctorch._utils\n_rebuild_tensor_v2\n)R.", "a tensor without a storage"),
      ("ctorch._utils\n_rebuild_parameter\n)R.", "a parameter without a tensor"),
      ("ctorch\nFloatStorage\n)R.", "a storage is called"), ("NNb.", "a state for what is no"),
      ("}.", "no dictionary of tensors was found"), ("cmodule", "it is cut off"),
      ("X\u{7f}\u{7f}\u{7f}\u{7f}.", "it is cut off"), ("?", "the opcode 0x3f is none"),
    ])
  func malformed(pickle: String, reason: String) throws {
    let message = try problem(ascii(pickle))
    #expect(message.contains(reason), "\(message)")
  }

  @Test("Deep nesting, self-containing lists and huge counts do no harm")
  func hostile() throws {
    let deep =
      [UInt8](repeating: UInt8(ascii: ")"), count: 1) + [UInt8](repeating: 0x85, count: 1_000_000)
    #expect(try problem(deep + ascii(".")).contains("no dictionary of tensors"))
    #expect(try problem(ascii("]q\u{0}h\u{0}ah\u{0}a.")).contains("no dictionary of tensors"))
    #expect(
      try problem([0x8d, 255, 255, 255, 255, 255, 255, 255, 127] + ascii(".")).contains("cut off"))
    #expect(try problem([0x8d] + [UInt8](repeating: 255, count: 8)).contains("beyond 63 bits"))
  }

  @Test("What a few bytes of a pickle make many times over is bounded", .timeLimit(.minutes(1)))
  func multiplication() throws {
    // 4096 pairs, of which 1100 dictionaries are made: 4.5 million values out of 45 kB.
    let pairs = Array(repeating: ascii("NN") + [0x86], count: 4096).flatMap { $0 }
    let list = ascii("](") + pairs + ascii("eq\u{0}0")
    let copy = ascii("ccollections\nOrderedDict\nh\u{0}") + [0x85] + ascii("R")
    let copies = list + Array(repeating: copy, count: 1100).flatMap { $0 } + ascii(".")
    #expect(copies.count < 50_000)
    #expect(try problem(copies).contains("it makes more than 4194304 values"))
    // One list in the next, twice: 2^5000 empty tuples, if anyone followed them.
    let doubled =
      ascii(")")
      + Array(repeating: ascii("q\u{0}h\u{0}") + [0x86], count: 5000)
      .flatMap { $0 }
    #expect(try problem(doubled + ascii(".")).contains("no dictionary of tensors"))
    // Doubling the top of the stack is nothing that state dicts do.
    #expect(try problem(ascii("]2.")).contains("the opcode 0x32 is none"))
    // The same value noted and put on the stack again and again.
    let recalled =
      ascii("]q\u{0}")
      + Array(repeating: ascii("h\u{0}"), count: 5_000_000)
      .flatMap { $0 }
    #expect(try problem(recalled + ascii(".")).contains("it makes more than 4194304 values"))
  }

  @Test("Archives that are compressed, hold a name twice or no pickle are refused")
  func archives() throws {
    let folder = try TemporaryFolder()
    func problem(_ bytes: [UInt8]) throws -> String {
      let path = try folder.write(bytes, to: "m.pt")
      let error = #expect(throws: CheckpointError.self) { try TorchStateDict(path: path) }
      return error?.description ?? ""
    }
    let pickle: (String, [UInt8]) = ("m/data.pkl", ascii("}."))
    #expect(try problem(zip([("m/other", [1])])).contains("there is no data.pkl in it"))
    #expect(try problem(zip([pickle, pickle])).contains("'m/data.pkl' is in it twice"))
    #expect(
      try problem(zip([pickle, ("m/constants.pkl", [])])).contains("it is a TorchScript program"))
    #expect(
      try problem(zip([pickle, ("m/byteorder", ascii("big"))])).contains("big-endian"))
    var compressed = zip([pickle])
    let entry = compressed.indices.first { compressed[$0...].starts(with: [0x50, 0x4b, 1, 2]) }!
    compressed[entry + 10] = 8
    #expect(try problem(compressed).contains("'m/data.pkl' is compressed"))
    compressed[entry + 8] = 1
    #expect(try problem(compressed).contains("'m/data.pkl' is encrypted"))
  }

  @Test("A storage that is missing or too short is named")
  func storages() throws {
    let folder = try TemporaryFolder()
    func problem(_ files: [(String, [UInt8])], zip64: Bool = false) throws -> String {
      let pickle =
        ascii("}X") + [1, 0, 0, 0] + ascii("a") + ascii("ctorch._utils\n_rebuild_tensor_v2\n((X")
        + [7, 0, 0, 0] + ascii("storagectorch\nFloatStorage\nX") + [1, 0, 0, 0] + ascii("0X")
        + [3, 0, 0, 0] + ascii("cpuK\u{2}tQK\u{0}K\u{2}") + [0x85] + ascii("K\u{1}") + [0x85]
        + [0x89] + ascii("}tRs.")
      let path = try folder.write(zip([("m/data.pkl", pickle)] + files, zip64: zip64), to: "m.pt")
      let file = try TorchStateDict(path: path)
      return "\(try file.values(of: "a"))"
    }
    let whole: [(String, [UInt8])] = [("m/data/0", [0, 0, 128, 63, 0, 0, 0, 64])]
    #expect(try problem(whole) == "[1.0, 2.0]")
    #expect(try problem(whole, zip64: true) == "[1.0, 2.0]")
    let cases: [([(String, [UInt8])], String)] = [
      ([], "its storage data/0 is missing"),
      ([("m/data/0", [0, 0, 128, 63, 0, 0, 0])], "has 7 bytes instead of 2 x 4"),
    ]
    for (files, reason) in cases {
      let error = #expect(throws: CheckpointError.self) { try problem(files) }
      #expect(error?.description.contains(reason) == true)
    }
  }

  @Test("An archive that becomes shorter while it is open is an error, not a crash")
  func shortened() throws {
    let folder = try TemporaryFolder()
    let pickle =
      ascii("}X") + [1, 0, 0, 0] + ascii("a") + ascii("ctorch._utils\n_rebuild_tensor_v2\n((X")
      + [7, 0, 0, 0] + ascii("storagectorch\nFloatStorage\nX") + [1, 0, 0, 0] + ascii("0X")
      + [3, 0, 0, 0] + ascii("cpuK\u{4}tQK\u{0}K\u{2}K\u{2}") + [0x86] + ascii("K\u{1}K\u{2}")
      + [0x86, 0x89] + ascii("}tRs.")
    let storage: [UInt8] = (1...4).flatMap { [0, 0, 128, UInt8(63 + $0)] }
    let path = try folder.write(
      zip([("m/data.pkl", pickle), ("m/data/0", storage)]), to: "m.pt")
    let file = try TorchStateDict(path: path)
    let values = try file.values(of: "a")
    // Columns first in the file.
    #expect(values.count == 4 && values[1] > values[2] && values[0] < values[3])
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 100)
    for read in [{ _ = try file.values(of: "a") }, { _ = try file.bytes(of: "a") }] {
      let error = #expect(throws: CheckpointError.self) { try read() }
      #expect(
        error?.description.hasPrefix("\(path): can't be read: it has become shorter") == true)
    }
  }
}
