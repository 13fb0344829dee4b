import Evaluation
import Foundation
import TensorCore
import VisionModels

extension RunEnvironment {
  /// This program on this machine.
  static var current: RunEnvironment {
    RunEnvironment(codeVersion: codeVersion, blas: ComputeBackend.matrixProducts, cpuPath: cpuPath)
  }

  private static let version = "0.1.0"

  /// The version with the hash of the executable, so that cells made by other code are never taken
  /// for this one's.
  private static var codeVersion: String {
    let path = Bundle.main.executableURL?.resolvingSymlinksInPath()
    guard let path, let data = try? Data(contentsOf: path, options: .alwaysMapped) else {
      return version
    }
    return "\(version)+\(ContentHash(of: data.span).description.prefix(12))"
  }

  /// The instruction set that the kernels choose on this processor.
  private static var cpuPath: String {
    #if arch(arm64)
      return "arm64"
    #else
      let needed: Set<Substring> = ["avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let flags = text.split(separator: "\n").first { $0.hasPrefix("flags") }
      let isVersion3 = flags.map { needed.isSubset(of: Set($0.split(separator: " "))) } ?? false
      return isVersion3 ? "x86-64-v3" : "x86-64"
    #endif
  }
}
