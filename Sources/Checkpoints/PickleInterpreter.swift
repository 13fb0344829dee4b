internal import Inputs

/// Reads the pickle inside a PyTorch file and executes nothing: of all that a pickle can call, it
/// knows ordered dictionaries and the rebuilding of tensors, as values (the opcodes are those of
/// Python's `pickletools`; what state dicts use of protocols 2 to 5).
struct PickleInterpreter {
  /// What becomes of objects of classes that are not known.
  enum UnknownClasses: Sendable {
    case refused
    /// They are kept as records of class and state.
    case inert
  }

  private let bytes: [UInt8]
  private let file: String
  private let unknownClasses: UnknownClasses
  private var position = 0
  private var stack: [PickleValue] = []
  private var memo: [Int: PickleValue] = [:]
  private(set) var heap = PickleHeap()

  /// - Parameter file: its name, for error messages.
  init(_ bytes: [UInt8], file: String, unknownClasses: UnknownClasses) {
    self.bytes = bytes
    self.file = file
    self.unknownClasses = unknownClasses
  }

  /// The value of the whole pickle.
  ///
  /// - Throws: `invalidPickle`, `unsupportedClass`.
  mutating func run() throws(CheckpointError) -> PickleValue {
    let valueLimit = Limit.pickleValues.value
    while true {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") { return try pop() }
      try execute(opcode)
      // A dictionary made of a list copies it, so that bytes alone bound nothing.
      guard stack.count + memo.count + heap.count <= valueLimit else {
        throw error("it makes more than \(valueLimit) values")
      }
    }
  }

  private func error(_ reason: String) -> CheckpointError {
    .invalidPickle(file: file, offset: position, reason: reason)
  }

  private mutating func execute(_ opcode: UInt8) throws(CheckpointError) {
    switch opcode {
    case 0x80: _ = try byte()  // PROTO
    case 0x95: _ = try take(8)  // FRAME
    case UInt8(ascii: "("): stack.append(.mark)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
    case UInt8(ascii: "r"): memo[try integer(4)] = try top()
    case 0x94: memo[memo.count] = try top()  // MEMOIZE
    case UInt8(ascii: "h"): try recall(Int(try byte()))
    case UInt8(ascii: "j"): try recall(try integer(4))
    case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"), 0x8f, 0x85, 0x86, 0x87,
      UInt8(ascii: "t"), UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "s"),
      UInt8(ascii: "u"), 0x90, 0x91:
      try executeContainer(opcode)
    case UInt8(ascii: "c"):
      let module = try line()
      try push(PickleGlobal(module: module, name: try line()))
    case 0x93:  // STACK_GLOBAL
      let (name, module) = (try pop(), try pop())
      guard case .text(let module) = module, case .text(let name) = name else {
        throw error("a class without a name")
      }
      try push(PickleGlobal(module: module, name: name))
    case UInt8(ascii: "Q"): stack.append(try storage(try pop()))
    case UInt8(ascii: "R"), 0x81:  // REDUCE, NEWOBJ
      let arguments = try pop()
      stack.append(try call(try pop(), arguments))
    case UInt8(ascii: "b"): try build()
    default: try executeScalar(opcode)
    }
  }

  private mutating func executeScalar(_ opcode: UInt8) throws(CheckpointError) {
    switch opcode {
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.boolean(true))
    case 0x89: stack.append(.boolean(false))
    case UInt8(ascii: "J"):
      stack.append(.integer(Int(Int32(truncatingIfNeeded: try integer(4)))))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
    case UInt8(ascii: "M"): stack.append(.integer(try integer(2)))
    case 0x8a: stack.append(.integer(try longInteger()))
    case UInt8(ascii: "G"):
      let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      stack.append(.number(Double(bitPattern: bits)))
    case UInt8(ascii: "X"), UInt8(ascii: "T"): stack.append(.text(try text(try integer(4))))
    case 0x8c, UInt8(ascii: "U"): stack.append(.text(try text(Int(try byte()))))
    case 0x8d: stack.append(.text(try text(try integer(8))))
    case UInt8(ascii: "B"): try skipBytes(try integer(4))
    case UInt8(ascii: "C"): try skipBytes(Int(try byte()))
    case 0x8e: try skipBytes(try integer(8))
    default:
      throw error("the opcode 0x\(String(opcode, radix: 16)) is none that state dicts use,")
    }
  }

  private mutating func executeContainer(_ opcode: UInt8) throws(CheckpointError) {
    switch opcode {
    case UInt8(ascii: "}"): stack.append(heap.dictionary())
    case UInt8(ascii: "]"), 0x8f: stack.append(heap.list())
    case UInt8(ascii: ")"): stack.append(heap.tuple([]))
    case 0x85, 0x86, 0x87:  // TUPLE1 to TUPLE3
      var elements: [PickleValue] = []
      for _ in 0..<Int(opcode) - 0x84 { elements.append(try pop()) }
      stack.append(heap.tuple(elements.reversed()))
    case UInt8(ascii: "t"), 0x91: stack.append(heap.tuple(try popToMark()))
    case UInt8(ascii: "a"):
      let element = try pop()
      try append([element])
    case UInt8(ascii: "e"), 0x90:
      let elements = try popToMark()
      try append(elements)
    case UInt8(ascii: "s"):
      let value = try pop()
      let key = try pop()
      try setItems([key, value])
    default:  // SETITEMS
      let items = try popToMark()
      try setItems(items)
    }
  }

  private mutating func append(_ elements: [PickleValue]) throws(CheckpointError) {
    switch stack.last {
    case .list(let place): heap.append(elements, to: place)
    case .record: break
    default: throw error("elements for what is no list")
    }
  }

  private mutating func setItems(_ items: [PickleValue]) throws(CheckpointError) {
    guard items.count.isMultiple(of: 2) else { throw error("a key without a value") }
    switch stack.last {
    case .dictionary(let place):
      for index in stride(from: 0, to: items.count, by: 2) {
        heap.insert(items[index], items[index + 1], into: place)
      }
    case .record: break
    default: throw error("items for what is no dictionary")
    }
  }

  private mutating func push(_ global: PickleGlobal) throws(CheckpointError) {
    guard TorchGlobal(global) != nil || unknownClasses == .inert else {
      throw .unsupportedClass(file: file, name: "\(global)")
    }
    stack.append(.global(global))
  }

  /// What calling a class or function gives, of those that are known.
  private mutating func call(
    _ function: PickleValue, _ arguments: PickleValue
  ) throws(CheckpointError) -> PickleValue {
    guard case .global(let global) = function, let arguments = heap.elements(arguments) else {
      throw error("a call of what is no class")
    }
    switch TorchGlobal(global) {
    case .orderedDictionary:
      let dictionary = heap.dictionary()
      // Older pickles give the items as a list of pairs.
      guard case .dictionary(let place) = dictionary, let pairs = arguments.first else {
        return dictionary
      }
      let items = heap.elements(pairs) ?? []
      guard heap.count + items.count <= Limit.pickleValues.value else {
        throw error("it makes more than \(Limit.pickleValues.value) values")
      }
      for pair in items {
        guard let pair = heap.elements(pair), pair.count == 2 else {
          throw error("a dictionary's item is no pair")
        }
        heap.insert(pair[0], pair[1], into: place)
      }
      return dictionary
    case .rebuildTensor: return .tensor(try tensor(arguments))
    case .rebuildParameter:
      guard case .tensor? = arguments.first else { throw error("a parameter without a tensor") }
      return arguments[0]
    case .storage: throw error("a storage is called")
    case nil: return heap.record(global)
    }
  }

  /// `_rebuild_tensor_v2(storage, offset, size, stride, ...)`.
  private func tensor(_ arguments: [PickleValue]) throws(CheckpointError) -> TorchTensor {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1], let shape = heap.integers(arguments[2]),
      let strides = heap.integers(arguments[3]), shape.count == strides.count, offset >= 0,
      shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 })
    else { throw error("a tensor without a storage, an offset, sizes and strides") }
    return TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  /// The persistent id `("storage", type, key, location, count)`.
  private func storage(_ id: PickleValue) throws(CheckpointError) -> PickleValue {
    guard let parts = heap.elements(id), parts.count >= 5, case .text("storage") = parts[0],
      case .global(let global) = parts[1], case .storage(let type)? = TorchGlobal(global),
      case .text(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
    else { throw error("a reference to something other than a storage of a known type") }
    return .storage(TorchStorage(key: key, type: type, count: count))
  }

  /// State for the object on the top: kept by records, of no meaning for dictionaries (PyTorch puts
  /// versions of modules there).
  private mutating func build() throws(CheckpointError) {
    let state = try pop()
    switch stack.last {
    case .record(let place): heap.records[place].state = state
    case .dictionary, .tensor: break
    default: throw error("a state for what is no object")
    }
  }

  // MARK: Stack and bytes

  private mutating func pop() throws(CheckpointError) -> PickleValue {
    guard let value = stack.popLast() else { throw error("a value is missing") }
    return value
  }

  private func top() throws(CheckpointError) -> PickleValue {
    guard let value = stack.last else { throw error("a value is missing") }
    return value
  }

  private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
    let start = stack.lastIndex { if case .mark = $0 { true } else { false } }
    guard let start else { throw error("a group without a beginning") }
    defer { stack.removeSubrange(start...) }
    return Array(stack[(start + 1)...])
  }

  private mutating func recall(_ index: Int) throws(CheckpointError) {
    guard let value = memo[index] else { throw error("nothing was noted as number \(index)") }
    stack.append(value)
  }

  private mutating func byte() throws(CheckpointError) -> UInt8 {
    guard position < bytes.count else { throw error("it is cut off") }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func take(_ count: Int) throws(CheckpointError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else { throw error("it is cut off") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func integer(_ count: Int) throws(CheckpointError) -> Int {
    let value = try take(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let value = Int(exactly: value) else { throw error("a number beyond 63 bits") }
    return value
  }

  /// LONG1: two's complement of any length; 8 bytes are enough for sizes.
  private mutating func longInteger() throws(CheckpointError) -> Int {
    let count = Int(try byte())
    guard count <= 8 else { throw error("a number beyond 64 bits") }
    let digits = try take(count)
    guard let last = digits.last else { return 0 }
    let start: UInt64 = last >= 0x80 ? .max : 0
    return Int(truncatingIfNeeded: digits.reversed().reduce(start) { $0 << 8 | UInt64($1) })
  }

  private mutating func text(_ count: Int) throws(CheckpointError) -> String {
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw error("a text that is not UTF-8")
    }
    return text
  }

  private mutating func skipBytes(_ count: Int) throws(CheckpointError) {
    _ = try take(count)
    stack.append(.bytes)
  }

  private mutating func line() throws(CheckpointError) -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw error("it is cut off")
    }
    let text = try text(end - position)
    position = end + 1
    return text
  }
}
