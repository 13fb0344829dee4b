internal import Checkpoints
internal import Foundation
internal import Testing

/// The small committed parity set: a CLIP tower, two experts and what PyTorch makes of them;
/// `Tests/parity/run.py --goldens DIR` wrote it.
public enum ParityGoldens {
  public static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "ParityTests/Goldens/clip")
    .path(percentEncoded: false)

  /// A copy whose file `file` has other bytes for its tensor `tensor`.
  public static func copy(
    changing tensor: String, in file: String, _ change: (inout [UInt8]) -> Void
  ) throws -> TemporaryFolder {
    let folder = try copy()
    let path = "\(folder.path)/\(file)"
    let safetensors = try SafetensorsFile(path: path)
    let entry = try #require(safetensors.entry(tensor))
    var bytes = try safetensors.bytes(of: tensor)
    change(&bytes)
    var data = try Data(contentsOf: URL(filePath: path))
    let start = safetensors.header.dataOffset + entry.dataRange.lowerBound
    data.replaceSubrange(start..<start + entry.dataRange.count, with: bytes)
    try data.write(to: URL(filePath: path))
    return folder
  }

  /// A copy whose F64 tensor `tensor` of `golden.safetensors` has its largest value times `factor`.
  public static func copy(
    scalingLargestOf tensor: String, by factor: Double
  ) throws -> TemporaryFolder {
    try copy(changing: tensor, in: "golden.safetensors") { bytes in
      var values = stride(from: 0, to: bytes.count, by: 8).map { start in
        Double(
          bitPattern: bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
      }
      let index = values.indices.max { abs(values[$0]) < abs(values[$1]) }!
      values[index] *= factor
      bytes = values.flatMap { value in
        (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * $0)) }
      }
    }
  }

  /// A copy, whose `file` has the text `old` replaced.
  public static func copy(
    replacing old: String, by new: String, in file: String
  ) throws -> TemporaryFolder {
    let folder = try copy()
    let text = try String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8)
    try #require(text.contains(old))
    try folder.write(text.replacing(old, with: new), to: file)
    return folder
  }

  public static func copy() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(folder.path)/\(name)")
    }
    return folder
  }
}
