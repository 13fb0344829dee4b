import Foundation
import Testing

/// The layers, bottom up: a module imports the modules that it lists, and no others of the project.
private let layers: [(module: String, imports: Set<String>)] = [
  ("TensorCore", ["CMemory", "CRandom", "CXXHash"]),
  ("Inputs", ["TensorCore"]),
  ("Kernels", ["TensorCore", "CKernels", "CProducts", "CBLAS"]),
  ("Checkpoints", ["TensorCore", "Inputs"]),
  ("Imaging", ["TensorCore", "Inputs", "CCodecShims", "CResample"]),
  ("Archives", ["TensorCore", "Inputs", "CArchive", "CZLib"]),
  ("Configuration", ["Inputs", "Yams"]),
  ("Statistics", ["TensorCore"]),
  ("Communication", ["CMPI"]),
  ("VisionModels", ["TensorCore", "Inputs", "Kernels", "Checkpoints"]),
  (
    "TextModels",
    ["TensorCore", "Inputs", "Kernels", "Checkpoints", "Configuration", "VisionModels"]
  ),
  ("Corruptions", ["TensorCore", "Inputs", "Imaging", "Configuration", "CFilters"]),
  ("Streams", ["TensorCore", "Inputs", "Archives", "Configuration"]),
  ("Results", ["TensorCore", "Inputs", "Statistics"]),
  ("Datasets", ["TensorCore", "Inputs", "Imaging", "Archives", "Configuration", "Streams"]),
  (
    "Merging",
    [
      "TensorCore", "Inputs", "Kernels", "Checkpoints", "VisionModels", "Configuration",
      "Communication",
    ]
  ),
  (
    "Evaluation",
    [
      "TensorCore", "Inputs", "Imaging", "Configuration", "Checkpoints", "VisionModels",
      "Corruptions", "Streams", "Datasets", "Results", "Merging", "Statistics", "Communication",
      "Logging",
    ]
  ),
  (
    "Training",
    [
      "TensorCore", "Inputs", "Kernels", "Checkpoints", "Imaging", "Configuration",
      "VisionModels", "Streams", "Datasets",
    ]
  ),
  ("Launching", ["TensorCore", "Results"]),
  ("Parity", ["TensorCore", "Inputs", "Checkpoints", "VisionModels", "Merging"]),
  ("Reports", ["TensorCore", "Inputs", "Statistics", "Results", "Mustache"]),
  (
    "Suites",
    [
      "TensorCore", "Inputs", "Imaging", "Checkpoints", "VisionModels", "Streams", "Datasets",
      "Training", "Evaluation",
    ]
  ),
  (
    "mergeshift",
    [
      "TensorCore", "Inputs", "Checkpoints", "Imaging", "Archives", "Configuration",
      "VisionModels", "TextModels", "Corruptions", "Streams", "Datasets", "Results", "Merging",
      "Evaluation", "Training", "Launching", "Parity", "Reports", "Suites", "Communication",
      "ArgumentParser", "Logging",
    ]
  ),
]

/// What any module may import of the toolchain.
private let toolchain: Set<String> = [
  "Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin",
]

private let sources = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

@Suite("Layering")
struct LayeringTests {
  @Test("A module imports only what its layer allows", arguments: layers.map(\.module))
  func imports(module: String) throws {
    let allowed = layers.first { $0.module == module }!.imports.union(toolchain)
    let files = try swiftFiles(of: module)
    #expect(!files.isEmpty)
    for file in files {
      for name in try importedModules(of: file) {
        #expect(allowed.contains(name), "\(file.lastPathComponent) imports \(name)")
      }
    }
  }

  @Test("Every module of Sources has its place in the table")
  func complete() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources.path())
    let swiftModules = try folders.filter { try !swiftFiles(of: $0).isEmpty }
    #expect(Set(swiftModules) == Set(layers.map(\.module)))
  }

  @Test("The layers hold no circle: a module imports only modules above it in the table")
  func downwards() {
    for (index, layer) in layers.enumerated() {
      let later = Set(layers[index...].map(\.module))
      #expect(layer.imports.isDisjoint(with: later), "\(layer.module)")
    }
  }

  private func swiftFiles(of module: String) throws -> [URL] {
    let folder = sources.appending(path: module)
    let paths = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (paths?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
  }

  private func importedModules(of file: URL) throws -> [String] {
    let access: Set<Substring> = ["public", "internal", "package", "private"]
    let kinds: Set<Substring> = ["struct", "enum", "class", "protocol", "func", "var", "let"]
    let lines: [Substring] = try String(contentsOf: file, encoding: .utf8)
      .split(whereSeparator: \.isNewline)
    return lines.compactMap { line -> String? in
      let words: [Substring] = line.split(whereSeparator: \.isWhitespace)
      guard let position = words.firstIndex(of: "import"),
        words[..<position].allSatisfy(access.contains),
        let name = words[(position + 1)...].first(where: { !kinds.contains($0) })
      else { return nil }
      return String(name.prefix { $0 != "." })
    }
  }
}
