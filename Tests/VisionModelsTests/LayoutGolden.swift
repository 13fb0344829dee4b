import Checkpoints
import Foundation
import TensorCore
import TestSupport
import VisionModels

/// The goldens of `Goldens/make_layout_goldens.py`.
struct LayoutGolden {
  let tensors: [String: Tensor]

  /// A file below `Goldens/layouts`.
  init(_ name: String) throws {
    try self.init(path: Self.path(name))
  }

  init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    tensors = Dictionary(
      uniqueKeysWithValues: try file.names.map { ($0, try file.tensor(named: $0)) })
  }

  static func path(_ name: String) -> String { Golden.path("layouts/\(name)") }

  subscript(name: String) -> Tensor { tensors[name]! }
}

extension VisionCheckpoint {
  func features(of pixels: Tensor) -> Tensor {
    VisionTransformer(configuration: configuration).features(of: pixels, parameters: parameters)
  }
}

/// A copy of a folder of goldens that a test may change.
func copy(of source: String, in folder: TemporaryFolder) throws -> String {
  let target = "\(folder.path)/copy"
  try FileManager.default.copyItem(atPath: source, toPath: target)
  return target
}

/// What loading the checkpoint says.
func loadingProblem(
  _ path: String, options: LoadingOptions = LoadingOptions(),
  completing base: VisionCheckpoint? = nil
) -> String {
  do {
    _ = try VisionCheckpoint.load(path, options: options, completing: base)
    return ""
  } catch {
    return error.description
  }
}
