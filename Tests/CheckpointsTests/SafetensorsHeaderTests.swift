import Checkpoints
import TensorCore
import Testing

@Suite("Safetensors header")
struct SafetensorsHeaderTests {
  @Test("Entries come in the order of their data, whatever the order of the JSON")
  func order() throws {
    let header = try parse(
      safetensors(
        """
        {"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},\
        "a":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]},\
        "__metadata__":{"format":"pt"}}
        """, dataCount: 12))
    #expect(header.entries.map(\.name) == ["a", "b"])
    #expect(header.entries.map(\.dataRange) == [0..<4, 4..<12])
    #expect(header.entries[0].shape == [1, 2])
    #expect(header.entries[0].type == .bfloat16)
    #expect(header.metadata == ["format": "pt"])
  }

  @Test("A scalar has one element, an empty tensor none, and both are allowed")
  func scalarAndEmpty() throws {
    let header = try parse(
      safetensors(
        """
        {"empty":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},\
        "scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}
        """, dataCount: 4))
    #expect(header.entries.map(\.name) == ["empty", "scalar"])
    #expect(header.entries.map(\.shape.count) == [0, 1])
  }

  @Test("A header without tensors describes a file without data")
  func noTensors() throws {
    #expect(try parse(safetensors("{}   ")).entries.isEmpty)
  }

  @Test("Escapes in names are decoded")
  func escapes() throws {
    let header = try parse(
      safetensors(
        #"{"a\n\"\\\/\u00e9\ud83d\ude00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
        dataCount: 1))
    #expect(header.entries.map(\.name) == ["a\n\"\\/é😀"])
  }

  @Test("A file shorter than the header's length field is refused")
  func tooShort() {
    #expect(throws: CheckpointError.fileTooShort(file: "t.safetensors", byteCount: 7)) {
      try parse([UInt8](repeating: 0, count: 7))
    }
  }

  @Test("A header above 100 MB is refused before anything is read", arguments: [1, 156])
  func headerTooLarge(excess: UInt64) {
    let length = UInt64(100_000_000) + excess
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    #expect(throws: CheckpointError.headerTooLarge(file: "t.safetensors", byteCount: length)) {
      try parse(bytes)
    }
  }

  @Test("A length with its highest bit set is large, not negative")
  func hugeLength() {
    #expect(throws: CheckpointError.headerTooLarge(file: "t.safetensors", byteCount: .max)) {
      try parse([UInt8](repeating: 255, count: 16))
    }
  }

  @Test("A header that the file does not hold whole is refused")
  func headerBeyondFile() {
    #expect(
      throws: CheckpointError.headerBeyondFile(file: "t.safetensors", byteCount: 2, available: 1)
    ) {
      try parse(safetensors("{}").dropLast())
    }
  }

  @Test("A header that is not UTF-8 is refused")
  func notUTF8() {
    #expect(throws: CheckpointError.headerNotUTF8(file: "t.safetensors")) {
      try parse([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d])
    }
  }

  @Test("A header must start with a brace", arguments: ["", " {}", "[]", "1"])
  func start(header: String) {
    #expect(throws: CheckpointError.headerStart(file: "t.safetensors")) {
      try parse(safetensors(header))
    }
  }

  @Test(
    "A header that is not JSON is refused, with the place",
    arguments: [
      (#"{"a" 1}"#, 5, "':' is expected"),
      (#"{"a":1"#, 6, "',' or '}' is expected"),
      (#"{"a":[1 2]}"#, 8, "',' or ']' is expected"),
      (#"{"a":01}"#, 7, "a number starts with 0"),
      (#"{"a":-}"#, 6, "a digit is expected"),
      (#"{"a":nil}"#, 5, "a value is expected"),
      (#"{"a":"#, 5, "it ends too early"),
      (#"{a:1}"#, 1, "a name in quotes is expected"),
      (#"{"a"#, 3, "a text without its end"),
      (#"{"\x":1}"#, 4, "an unknown escape in a text"),
      (#"{"\u12g4":1}"#, 4, "four hexadecimal digits are expected"),
      (#"{"\ud800":1}"#, 8, "half a surrogate pair"),
      ("{\"\n\":1}", 3, "a control character in a text"),
      ("{} {}", 3, "more after the end"),
    ])
  func notJSON(header: String, offset: Int, reason: String) {
    #expect(
      throws: CheckpointError.headerNotJSON(file: "t.safetensors", offset: offset, reason: reason)
    ) {
      try parse(safetensors(header))
    }
  }

  @Test("Nesting as deep as a stack overflow needs is refused")
  func nesting() {
    let header = #"{"a":"# + String(repeating: "[", count: 100_000)
    #expect(
      throws: CheckpointError.headerNotJSON(
        file: "t.safetensors", offset: 132, reason: "nested too deep")
    ) {
      try parse(safetensors(header))
    }
  }

  @Test("A name that occurs twice is refused, among tensors and in the metadata")
  func duplicates() {
    let entry = #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#
    #expect(throws: CheckpointError.duplicateName(file: "t.safetensors", name: "a")) {
      try parse(safetensors("{\"a\":\(entry),\"a\":\(entry)}"))
    }
    #expect(throws: CheckpointError.duplicateName(file: "t.safetensors", name: "k")) {
      try parse(safetensors(#"{"__metadata__":{"k":"1","k":"2"}}"#))
    }
  }

  @Test("Metadata other than texts is refused")
  func metadata() {
    #expect(throws: CheckpointError.metadataNotText(file: "t.safetensors", key: "k")) {
      try parse(safetensors(#"{"__metadata__":{"k":1}}"#))
    }
    #expect(throws: CheckpointError.metadataNotText(file: "t.safetensors", key: "__metadata__")) {
      try parse(safetensors(#"{"__metadata__":[]}"#))
    }
  }

  @Test(
    "An entry without a well-formed dtype, shape or data_offsets is refused",
    arguments: [
      ("[]", "not a JSON object"),
      (#"{"shape":[1],"data_offsets":[0,1]}"#, "has no dtype"),
      (#"{"dtype":"U8","data_offsets":[0,1]}"#, "its shape is not a list of whole numbers"),
      (
        #"{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}"#,
        "its shape is not a list of whole numbers"
      ),
      (
        #"{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}"#,
        "its shape is not a list of whole numbers"
      ),
      (
        #"{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}"#,
        "its shape is not a list of whole numbers"
      ),
      (
        #"{"dtype":"U8","shape":[1],"data_offsets":[0]}"#,
        "its data_offsets are not two whole numbers"
      ),
      (
        #"{"dtype":"U8","shape":[1],"data_offsets":[0,"1"]}"#,
        "its data_offsets are not two whole numbers"
      ),
      (#"{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}"#, "has 'dtype' twice"),
    ])
  func invalidEntry(entry: String, reason: String) {
    #expect(
      throws: CheckpointError.invalidEntry(file: "t.safetensors", tensor: "a", reason: reason)
    ) {
      try parse(safetensors("{\"a\":\(entry)}", dataCount: 1))
    }
  }

  /// The error that a header with the one tensor `a` gives.
  private func refusal(
    dtype: String = "F32", shape: String, offsets: String, dataCount: Int = 8
  ) -> CheckpointError? {
    do {
      let entry = "{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
      try parse(safetensors("{\"a\":\(entry)}", dataCount: dataCount))
      return nil
    } catch {
      return error
    }
  }

  private let file = "t.safetensors"

  @Test("A dtype that the format does not know is refused")
  func unknownDType() {
    #expect(
      refusal(dtype: "F31", shape: "[2]", offsets: "[0,8]")
        == .unknownDType(file: file, tensor: "a", dtype: "F31"))
  }

  @Test("Every dtype of the format is listed with its size", arguments: StorageType.allCases)
  func knownDType(type: StorageType) {
    let bytes = type.bitCount  // of eight elements
    #expect(
      refusal(
        dtype: type.rawValue, shape: "[2,4]", offsets: "[0,\(bytes)]", dataCount: bytes) == nil)
  }

  @Test("Offsets that end before they begin are refused")
  func reversed() {
    #expect(
      refusal(shape: "[2]", offsets: "[8,0]")
        == .reversedOffsets(file: file, tensor: "a", begin: 8, end: 0))
  }

  @Test("Offsets that span another size than shape and dtype are refused")
  func sizeMismatch() {
    #expect(
      refusal(shape: "[3]", offsets: "[0,8]")
        == .sizeMismatch(file: file, tensor: "a", expected: 12, got: 8))
  }

  @Test("A shape whose size overflows is refused, also one that a 0 would make empty")
  func overflow() {
    for shape in ["[4611686018427387904,4]", "[4611686018427387904,4,0]"] {
      #expect(
        refusal(shape: shape, offsets: "[0,0]", dataCount: 0)
          == .sizeOverflow(file: file, tensor: "a"))
    }
  }

  @Test("Elements smaller than a byte must fill whole bytes")
  func partialByte() {
    #expect(
      refusal(dtype: "F4", shape: "[3]", offsets: "[0,1]", dataCount: 1)
        == .partialByte(file: file, tensor: "a"))
    #expect(refusal(dtype: "F4", shape: "[4]", offsets: "[0,2]", dataCount: 2) == nil)
  }

  @Test("A tensor that ends behind the file is refused")
  func beyondFile() {
    #expect(
      refusal(shape: "[4]", offsets: "[0,16]")
        == .beyondFile(file: file, tensor: "a", end: 16, available: 8))
  }

  @Test("Data that does not begin with the first byte is refused")
  func gapAtStart() {
    #expect(
      refusal(shape: "[1]", offsets: "[4,8]")
        == .gap(file: file, tensor: "a", begin: 4, previousEnd: 0))
  }

  @Test("Bytes behind the last tensor are refused")
  func trailing() {
    #expect(
      refusal(shape: "[1]", offsets: "[0,4]")
        == .trailingBytes(file: file, covered: 4, available: 8))
  }

  @Test("Two tensors that share bytes, or leave some between them, are refused")
  func overlapAndGap() {
    func bytes(secondBegin: Int) -> [UInt8] {
      safetensors(
        """
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},\
        "b":{"dtype":"F32","shape":[2],"data_offsets":[\(secondBegin),\(secondBegin + 8)]}}
        """, dataCount: secondBegin + 8)
    }
    #expect(throws: Never.self) { try parse(bytes(secondBegin: 8)) }
    for begin in [0, 4] {
      #expect(
        throws: CheckpointError.overlap(file: file, tensor: "b", begin: begin, previousEnd: 8)
      ) {
        try parse(bytes(secondBegin: begin))
      }
    }
    #expect(throws: CheckpointError.gap(file: file, tensor: "b", begin: 12, previousEnd: 8)) {
      try parse(bytes(secondBegin: 12))
    }
  }

  @Test("Messages name the file and the tensor, and say what would be right")
  func messages() {
    let message = CheckpointError.sizeMismatch(
      file: "m.safetensors", tensor: "w", expected: 12, got: 8
    ).description
    #expect(
      message == "m.safetensors: tensor 'w': shape and dtype need 12 bytes, data_offsets span 8")
  }
}
