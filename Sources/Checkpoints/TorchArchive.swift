internal import Inputs
internal import TensorCore

/// The zip archive of `torch.save`, kept open: `NAME/data.pkl`, and `NAME/data/KEY` for
/// each storage.
struct TorchArchive: Sendable {
  let path: String
  private let archive: ZipArchive
  private let folder: String

  /// - Throws: `unreadable`, `invalidArchive`.
  init(path: String) throws(CheckpointError) {
    archive = try ZipArchive(try RandomAccessFile(checkpoint: path))
    self.path = path
    let suffix = "/data.pkl"
    guard let pickle = archive.files.keys.filter({ $0.hasSuffix(suffix) }).min() else {
      throw .invalidArchive(file: path, reason: "there is no data.pkl in it")
    }
    folder = String(pickle.dropLast(suffix.count))
    guard archive.files["\(folder)/constants.pkl"] == nil else {
      throw .invalidArchive(
        file: path, reason: "it is a TorchScript program; save its state_dict() instead")
    }
    if let order = archive.files["\(folder)/byteorder"],
      try !archive.file.part(order).elementsEqual("little".utf8)
    {
      throw .invalidArchive(file: path, reason: "its numbers are big-endian")
    }
  }

  /// The pickle's value, and the containers that it speaks of.
  ///
  /// - Throws: `invalidPickle`, `unsupportedClass`.
  func contents(
    unknownClasses: PickleInterpreter.UnknownClasses
  ) throws(CheckpointError) -> (PickleValue, PickleHeap) {
    let place = archive.files["\(folder)/data.pkl"] ?? 0..<0
    let limit = Limit.pickleBytes.value
    guard place.count <= limit else {
      throw .invalidPickle(
        file: path, offset: 0, reason: "it has \(place.count) bytes, more than \(limit),")
    }
    var interpreter = PickleInterpreter(
      try archive.file.part(place), file: path, unknownClasses: unknownClasses)
    let value = try interpreter.run()
    return (value, interpreter.heap)
  }

  /// Checks that `tensor` lies inside its storage and that the storage is whole.
  ///
  /// - Throws: `invalidTensor`.
  func check(_ tensor: TorchTensor, named name: String) throws(CheckpointError) {
    func invalid(_ reason: String) -> CheckpointError {
      .invalidTensor(file: path, tensor: name, reason: reason)
    }
    let storage = tensor.storage
    guard let place = place(of: storage) else {
      throw invalid("its storage data/\(storage.key) is missing")
    }
    let size = storage.type.bitCount / 8
    let (bytes, overflow) = storage.count.multipliedReportingOverflow(by: size)
    guard !overflow, bytes <= place.count else {
      throw invalid(
        "its storage data/\(storage.key) has \(place.count) bytes instead of "
          + "\(storage.count) x \(size)")
    }
    var (last, count) = (tensor.offset, 1)
    let isEmpty = tensor.shape.contains(0)
    for (extent, stride) in zip(tensor.shape, tensor.strides) where extent > 0 {
      let (reach, farOff) = (extent - 1).multipliedReportingOverflow(by: isEmpty ? 0 : stride)
      let (sum, tooFar) = last.addingReportingOverflow(reach)
      let (product, tooMany) = count.multipliedReportingOverflow(by: extent)
      guard !farOff, !tooFar, !tooMany, isEmpty || sum < storage.count else {
        throw invalid("its sizes and strides reach beyond its storage")
      }
      (last, count) = (sum, product)
    }
    guard !isEmpty else { return }
    guard last < storage.count else { throw invalid("it begins beyond its storage") }
    guard count <= storage.count else {
      throw invalid("it repeats elements (an expanded tensor); save its contiguous() copy")
    }
  }

  /// The elements of a tensor that was checked, row-major, as 32-bit floats.
  ///
  /// - Throws: `notFloat`, `unreadable`.
  func values(of tensor: TorchTensor, named name: String) throws(CheckpointError) -> [Float] {
    guard let type = tensor.storage.type.floatType else {
      throw .notFloat(file: path, tensor: name, dtype: tensor.storage.type)
    }
    if let range = contiguousRange(of: tensor) { return try archive.file.floats(range, as: type) }
    return FloatConversion.decode(
      try bytes(of: tensor), as: type, count: tensor.shape.reduce(1, *))
  }

  /// The elements of a tensor that was checked, row-major, as they are stored.
  ///
  /// - Throws: `unreadable`.
  func bytes(of tensor: TorchTensor) throws(CheckpointError) -> [UInt8] {
    guard !tensor.shape.contains(0), let place = place(of: tensor.storage) else { return [] }
    let size = tensor.storage.type.bitCount / 8
    let count = tensor.shape.reduce(1, *)
    if let range = contiguousRange(of: tensor) { return try archive.file.part(range) }
    // From the first element to the last.
    let reach = zip(tensor.shape, tensor.strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
    let start = place.lowerBound + tensor.offset * size
    let source = try archive.file.part(start..<start + (reach + 1) * size)
    var index = [Int](repeating: 0, count: tensor.shape.count)
    return [UInt8](capacity: count * size) { output in
      var element = 0
      for _ in 0..<count {
        for byte in 0..<size { output.append(source[element * size + byte]) }
        // The next element: the last axis first.
        for axis in tensor.shape.indices.reversed() {
          index[axis] += 1
          element += tensor.strides[axis]
          if index[axis] < tensor.shape[axis] { break }
          element -= index[axis] * tensor.strides[axis]
          index[axis] = 0
        }
      }
    }
  }

  /// Where a tensor's bytes lie, if they are row-major without gaps; nil for any other and for one
  /// without elements.
  private func contiguousRange(of tensor: TorchTensor) -> Range<Int>? {
    guard tensor.isContiguous, !tensor.shape.contains(0), let place = place(of: tensor.storage)
    else { return nil }
    let size = tensor.storage.type.bitCount / 8
    let start = place.lowerBound + tensor.offset * size
    return start..<start + tensor.shape.reduce(1, *) * size
  }

  private func place(of storage: TorchStorage) -> Range<Int>? {
    archive.files["\(folder)/data/\(storage.key)"]
  }
}

extension TorchTensor {
  /// Whether its elements lie row-major without gaps.
  fileprivate var isContiguous: Bool {
    var expected = 1
    for (extent, stride) in zip(shape, strides).reversed() {
      if extent != 1 && stride != expected { return false }
      expected *= extent
    }
    return true
  }
}
