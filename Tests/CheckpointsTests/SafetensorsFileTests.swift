import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing

@Suite("Safetensors file")
struct SafetensorsFileTests {
  private let values: [Float] = [
    0, -0.0, 1, -2.5, 0.1, 65504, 1e-3, 6.1e-5, 3e-6, 6e-8, 1e-9, 1e5, .infinity, 3.14159,
  ]

  private func stored(_ dtype: DType) -> [Float] {
    values.map { value in
      switch dtype {
      case .float32: value
      case .float16: HalfPrecision.float(fromFloat16: HalfPrecision.float16Bits(value))
      case .bfloat16: HalfPrecision.float(fromBFloat16: HalfPrecision.bfloat16Bits(value))
      }
    }
  }

  @Test(
    "Reads what the reference implementation wrote, bit for bit",
    arguments: [("f32", DType.float32), ("f16", .float16), ("bf16", .bfloat16)])
  func reading(name: String, dtype: DType) throws {
    let file = try SafetensorsFile(path: golden("\(name).safetensors"))
    #expect(file.metadata == ["format": "pt"])
    let tensor = try file.tensor(named: "visual_projection.weight")
    #expect(tensor.shape == [2, 7])
    #expect(tensor.values.map(\.bitPattern) == stored(dtype).map(\.bitPattern))
    #expect(try file.tensor(named: "embeddings.class_embedding").shape == Shape([]))
    #expect(try file.tensor(named: "empty").shape == [0, 3])
  }

  @Test(
    "Writes the bytes that the reference implementation writes",
    arguments: [("f32", DType.float32), ("f16", .float16), ("bf16", .bfloat16)])
  func writing(name: String, dtype: DType) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/out.safetensors"
    try SafetensorsWriter.write(
      [
        ("visual_projection.weight", Tensor(shape: [2, 7], values: values)),
        ("encoder.layers.0.layer_norm1.weight", Tensor(shape: [5], values: [0, 1, 2, 3, 4])),
        ("embeddings.class_embedding", Tensor(shape: Shape([]), values: [0.5])),
        ("empty", Tensor(zeros: [0, 3])),
        ("Größe \"q\"\n", Tensor(shape: [1], values: [1])),
      ], dtype: dtype, metadata: ["format": "pt"], to: path)
    #expect(try bytes(of: path) == bytes(of: golden("\(name).safetensors")))
  }

  @Test("Types that are not read as floats are listed, and refused only when read")
  func mixedTypes() throws {
    let file = try SafetensorsFile(path: golden("mixed.safetensors"))
    #expect(Set(file.names) == ["half", "ids", "single", "flags", "brain"])
    #expect(file["ids"]?.type == .int64)
    #expect(try file.tensor(named: "half").values == [1.5, -0.25])
    #expect(try file.tensor(named: "single").values == [7])
    #expect(try file.tensor(named: "brain").values == [3])
    #expect(throws: CheckpointError.notFloat(file: file.path, tensor: "ids", dtype: .int64)) {
      try file.tensor(named: "ids")
    }
  }

  @Test("Every bit pattern of the 16-bit types is read as its float")
  func allHalves() throws {
    let folder = try TemporaryFolder()
    for (type, convert) in [
      ("F16", HalfPrecision.float(fromFloat16:)), ("BF16", HalfPrecision.float(fromBFloat16:)),
    ] {
      let header = #"{"a":{"dtype":"\#(type)","shape":[65536],"data_offsets":[0,131072]}}"#
      let data = (0..<65536).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let path = try folder.write(safetensors(header) + data, to: "\(type).safetensors")
      let values = try SafetensorsFile(path: path).tensor(named: "a").values
      let expected = (0..<65536).map { convert(UInt16($0)) }
      #expect(values.map(\.bitPattern) == expected.map(\.bitPattern))
    }
  }

  @Test("A file that is not there, and a folder, are refused")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let missing = "\(folder.path)/none.safetensors"
    #expect(throws: CheckpointError.unreadable(file: missing, reason: "no such file")) {
      try SafetensorsFile(path: missing)
    }
    #expect(
      throws: CheckpointError.unreadable(file: folder.path, reason: "it is a folder, not a file")
    ) {
      try SafetensorsFile(path: folder.path)
    }
  }

  @Test("An empty file is too short")
  func emptyFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([], to: "empty.safetensors")
    #expect(throws: CheckpointError.fileTooShort(file: path, byteCount: 0)) {
      try SafetensorsFile(path: path)
    }
  }

  @Test("A name that is not in the file is refused")
  func missingTensor() throws {
    let file = try SafetensorsFile(path: golden("mixed.safetensors"))
    #expect(file["nothing"] == nil)
    #expect(throws: CheckpointError.missingTensors(file: file.path, names: ["nothing"])) {
      try file.tensor(named: "nothing")
    }
  }

  @Test("Two tensors of one name are not written")
  func duplicateName() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/out.safetensors"
    let tensor = Tensor(zeros: [1])
    #expect(throws: CheckpointError.duplicateName(file: path, name: "a")) {
      try SafetensorsWriter.write([("a", tensor), ("a", tensor)], to: path)
    }
    #expect(try folder.contents().isEmpty)
  }

  @Test("A folder that does not exist can't be written to")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/none/out.safetensors"
    #expect(
      throws: CheckpointError.unwritable(
        file: path, reason: "there is no folder \(folder.path)/none/")
    ) {
      try SafetensorsWriter.write([("a", Tensor(zeros: [1]))], to: path)
    }
  }

  @Test("Writing replaces the file and leaves no other behind; the given order is kept if asked")
  func replacing() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("old", to: "out.safetensors")
    let tensors = [("b", Tensor(zeros: [1])), ("a", Tensor(zeros: [2]))]
    try SafetensorsWriter.write(tensors, to: path)
    #expect(try SafetensorsFile(path: path).names == ["a", "b"])
    try SafetensorsWriter.write(tensors, order: .asGiven, to: path)
    #expect(try SafetensorsFile(path: path).names == ["b", "a"])
    #expect(try folder.contents() == ["out.safetensors"])
  }

  @Test("A file that another program makes shorter while it is open is an error, not a crash")
  func shortened() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.safetensors"
    // Larger than a page, of which a mapped file would keep the rest.
    let large = Tensor(shape: [1 << 16], values: [Float](repeating: 1, count: 1 << 16))
    try SafetensorsWriter.write([("large", large), ("z", large)], to: path)
    let file = try SafetensorsFile(path: path)
    #expect(try file.tensor(named: "z") == large)
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 300_000)
    #expect(try file.tensor(named: "large") == large)
    for read in [{ _ = try file.values(of: "z") }, { _ = try file.bytes(of: "z") }] {
      let error = #expect(throws: CheckpointError.self) { try read() }
      #expect(
        error?.description.hasPrefix("\(path): can't be read: it has become shorter") == true)
    }
  }
}
