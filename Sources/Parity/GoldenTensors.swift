internal import Checkpoints
internal import TensorCore

/// A golden array in double precision, row-major.
struct GoldenArray: Sendable {
  let shape: [Int]
  let values: [Double]

  /// The largest magnitude; what errors are relative to.
  var scale: Double { values.reduce(0) { max($0, abs($1)) } }
}

/// The golden tensors of a set: F64, or any type that models are read from.
struct GoldenTensors: Sendable {
  private let file: SafetensorsFile

  /// - Throws: `checkpoint`.
  init(_ path: String) throws(ParityError) {
    do {
      file = try SafetensorsFile(path: path)
    } catch {
      throw .checkpoint(error)
    }
  }

  var path: String { file.path }
  var names: [String] { file.names }

  /// The array `name`.
  ///
  /// - Parameter shape: what it has to be; nil: anything.
  /// - Throws: `checkpoint`; `unsuitable` for another shape, and for NaN or infinity.
  func array(_ name: String, shape: [Int]? = nil) throws(ParityError) -> GoldenArray {
    let (found, values): (Shape, [Double])
    do throws(CheckpointError) {
      guard let description = file[name] else {
        throw .missingTensors(file: file.path, names: [name])
      }
      found = description.shape
      values =
        description.type == .float64
        ? Self.doubles(try file.bytes(of: name)) : try file.values(of: name).map { Double($0) }
    } catch {
      throw .checkpoint(error)
    }
    if let shape, shape != found.dimensions {
      throw .unsuitable(
        file: file.path, name: name, problem: "has shape \(found), should have \(shape)")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw .unsuitable(file: file.path, name: name, problem: "holds NaN or infinity")
    }
    return GoldenArray(shape: found.dimensions, values: values)
  }

  /// Little-endian doubles.
  private static func doubles(_ bytes: [UInt8]) -> [Double] {
    stride(from: 0, to: bytes.count, by: 8).map { start in
      var bits: UInt64 = 0
      for index in (start..<start + 8).reversed() { bits = bits << 8 | UInt64(bytes[index]) }
      return Double(bitPattern: bits)
    }
  }
}
