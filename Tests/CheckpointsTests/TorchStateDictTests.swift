import Checkpoints
import TensorCore
import TestSupport
import Testing

@Suite("State dicts of torch.save")
struct TorchStateDictTests {
  @Test(
    "Every tensor has the values that PyTorch saved: all float types, views with any strides",
    arguments: ["state.pt", "protocol4.pt", "wrapped.pt"])
  func values(name: String) throws {
    let file = try TorchStateDict(path: golden(name))
    let expected = try SafetensorsFile(path: golden("torch.safetensors"))
    #expect(
      file.tensors.map(\.name) == [
        "single", "half", "brain", "transposed", "permuted", "slice", "scalar", "empty", "ids",
        "flags", "parameter",
      ])
    for tensor in expected.names {
      #expect(try file.tensor(named: tensor) == expected.tensor(named: tensor), "\(tensor)")
    }
    #expect(file["half"]?.type == .float16)
    #expect(file["brain"]?.type == .bfloat16)
    #expect(file["permuted"]?.shape == [4, 2, 3])
  }

  @Test("Tensors that are no floats are carried byte by byte")
  func otherTypes() throws {
    let file = try TorchStateDict(path: golden("state.pt"))
    #expect(file["ids"]?.type == .int64)
    #expect(try file.bytes(of: "ids") == [0, 1, 2].flatMap { [UInt8($0), 0, 0, 0, 0, 0, 0, 0] })
    #expect(try file.bytes(of: "flags") == [1, 0])
    #expect(throws: CheckpointError.notFloat(file: file.path, tensor: "ids", dtype: .int64)) {
      try file.values(of: "ids")
    }
    #expect(throws: CheckpointError.missingTensors(file: file.path, names: ["none"])) {
      try file.bytes(of: "none")
    }
  }

  @Test("A tensor alone is read, too")
  func single() throws {
    let file = try TorchStateDict(path: golden("tensor.pt"))
    #expect(file.tensors.map(\.shape) == [[3, 4]])
    #expect(try file.values(of: "tensor")[1] == 1 / 7)
  }

  /// What reading the golden says, after a change of its bytes.
  private func problem(
    _ name: String = "state.pt", _ change: (inout [UInt8]) -> Void = { _ in }
  ) throws -> String {
    let folder = try TemporaryFolder()
    var content = try bytes(of: golden(name))
    change(&content)
    let path = try folder.write(content, to: name)
    let error = #expect(throws: CheckpointError.self) { try TorchStateDict(path: path) }
    return error?.description.replacing("\(folder.path)/", with: "") ?? ""
  }

  @Test("A file cut off anywhere is refused")
  func truncated() throws {
    let whole = try bytes(of: golden("state.pt"))
    let folder = try TemporaryFolder()
    for length in stride(from: 0, to: whole.count, by: 7) {
      let path = try folder.write(whole.prefix(length), to: "\(length).pt")
      #expect(throws: CheckpointError.self) { try TorchStateDict(path: path) }
    }
    #expect(try problem { $0.removeLast(300) }.contains("the archive's end is missing"))
  }

  @Test("Bytes may be wrong anywhere: what is read is refused or read, and nothing crashes")
  func corrupted() throws {
    let whole = try bytes(of: golden("state.pt"))
    let folder = try TemporaryFolder()
    var random = KeyedRandom(seed: 1, "corrupt")
    for index in stride(from: 0, to: whole.count, by: 3) {
      var content = whole
      content[index] ^= UInt8(1 + Int(random.uniforms(1)[0] * 254))
      let path = try folder.write(content, to: "\(index).pt")
      guard let file = try? TorchStateDict(path: path) else { continue }
      for tensor in file.tensors { _ = try? file.values(of: tensor.name) }
    }
  }

  @Test("Files that are no archives are refused, old ones of PyTorch with what to do")
  func notArchives() throws {
    #expect(
      try problem("legacy.pt")
        == "legacy.pt: not a file of torch.save: it is no zip archive; files of PyTorch before 1.6 "
        + "are not read, load and save it anew")
    #expect(throws: CheckpointError.unreadable(file: "/no/such.pt", reason: "no such file")) {
      try TorchStateDict(path: "/no/such.pt")
    }
  }

  @Test("A class that is not of tensors is named and nothing of it executed")
  func unknownGlobal() throws {
    let message = try problem("unknown.pt")
    #expect(message.contains("an object of the class __builtin__.complex"), "\(message)")
    #expect(
      message.contains("torch.save(torch.load('unknown.pt', weights_only=False).state_dict()"))
  }

  @Test("An opcode that state dicts do not use is named with its place")
  func unknownOpcode() throws {
    // The pickle begins with its protocol, 2.
    let message = try problem { content in
      let place = content.indices.first { content[$0...].starts(with: [0x80, 2]) }!
      content[place] = 0x82
    }
    #expect(
      message
        == "state.pt: its data.pkl is not a state dict: the opcode 0x82 is none that state dicts "
        + "use, at byte 1")
  }

  @Test("A tensor that repeats its elements is refused with what to do")
  func expanded() throws {
    #expect(try problem("expanded.pt").contains("tensor 'a': it repeats elements"))
  }

  @Test("Strides that lead out of the storage are refused")
  func strides() throws {
    // transposed: the stride 4 of its second axis, behind the 1.
    let message = try problem { content in
      let place = content.indices.first {
        content[$0...].starts(with: [0x4b, 1, 0x4b, 4, 0x86])
      }!
      content[place + 3] = 200
    }
    #expect(message.contains("its sizes and strides reach beyond its storage"), "\(message)")
  }
}
