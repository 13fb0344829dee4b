/// A value of a pickle. Containers are places in a `PickleHeap`: they may hold themselves, and no
/// nesting is deep enough to overflow a stack.
enum PickleValue: Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case bytes
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  /// A class or function by its module and name.
  case global(PickleGlobal)
  /// An object of a class that is not known: its class and state, nothing of it executed.
  case record(Int)
  case storage(TorchStorage)
  case tensor(TorchTensor)
  /// Where a group of arguments begins on the stack.
  case mark
}

/// A class or function, as pickles name it.
struct PickleGlobal: Sendable, Equatable, CustomStringConvertible {
  let module: String
  let name: String

  var description: String { "\(module).\(name)" }
}

/// A run of elements in its own file of the archive.
struct TorchStorage: Sendable, Equatable {
  let key: String
  let type: StorageType
  /// The number of elements.
  let count: Int
}

/// A view of a storage.
struct TorchTensor: Sendable, Equatable {
  let storage: TorchStorage
  /// The first element, and how far apart the elements of each axis lie, in elements.
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// The containers of a pickle.
struct PickleHeap: Sendable {
  struct Record: Sendable {
    let type: PickleGlobal
    var state: PickleValue = .none
  }

  private(set) var sequences: [[PickleValue]] = []
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var records: [Record] = []
  /// How many containers there are, with all that is in them.
  private(set) var count = 0

  mutating func tuple(_ elements: [PickleValue]) -> PickleValue {
    sequences.append(elements)
    count += 1 + elements.count
    return .tuple(sequences.count - 1)
  }

  mutating func list() -> PickleValue {
    sequences.append([])
    count += 1
    return .list(sequences.count - 1)
  }

  mutating func dictionary() -> PickleValue {
    dictionaries.append([])
    count += 1
    return .dictionary(dictionaries.count - 1)
  }

  mutating func record(_ type: PickleGlobal) -> PickleValue {
    records.append(Record(type: type))
    count += 1
    return .record(records.count - 1)
  }

  /// Appends to the list at `place`.
  mutating func append(_ elements: [PickleValue], to place: Int) {
    sequences[place] += elements
    count += elements.count
  }

  /// Appends to the dictionary at `place`.
  mutating func insert(_ key: PickleValue, _ value: PickleValue, into place: Int) {
    dictionaries[place].append((key, value))
    count += 1
  }

  /// The elements of a tuple or list.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    switch value {
    case .tuple(let place), .list(let place): sequences[place]
    default: nil
    }
  }

  /// The value of the text `key` in a dictionary; the last, if there are several.
  func value(_ key: String, in dictionary: PickleValue) -> PickleValue? {
    guard case .dictionary(let place) = dictionary else { return nil }
    return dictionaries[place].last { pair in
      if case .text(key) = pair.key { true } else { false }
    }?.value
  }

  /// The texts among a dictionary's keys, with their values, in order.
  func members(_ dictionary: PickleValue) -> [(name: String, value: PickleValue)] {
    guard case .dictionary(let place) = dictionary else { return [] }
    return dictionaries[place].compactMap { pair in
      if case .text(let name) = pair.key { (name, pair.value) } else { nil }
    }
  }

  /// Whole numbers, as in shapes.
  func integers(_ value: PickleValue) -> [Int]? {
    guard let elements = elements(value) else { return nil }
    var integers: [Int] = []
    for element in elements {
      guard case .integer(let integer) = element else { return nil }
      integers.append(integer)
    }
    return integers
  }
}
