import Foundation
import TestSupport
import Testing

/// That labels can't be reached is a matter of types: what would reach them does not compile.
@Suite("Labels can't leak")
struct LabelLeakTests {
  /// What the compiler says of a program that imports what an optimizer may see.
  private func errors(_ body: String) throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "import Merging\nimport TensorCore\n\(body)\n", to: "program.swift")
    let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    var arguments = ["swiftc", "-typecheck", "-I", products.appending(path: "Modules").path()]
    for map in try Self.moduleMaps(products) {
      arguments += ["-Xcc", "-fmodule-map-file=\(map)"]
    }
    process.arguments = arguments + [file]
    let output = Pipe()
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect((process.terminationStatus == 0) == !text.contains("error:"))
    return text
  }

  /// Of the C modules below ours: built ones, system libraries, those of dependencies.
  private static func moduleMaps(_ products: URL) throws -> [String] {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let files = FileManager.default
    let built = try files.contentsOfDirectory(at: products, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "build" }
    let sources = try files.contentsOfDirectory(
      at: checkout.appending(path: "Sources"), includingPropertiesForKeys: nil)
    let yaml = checkout.appending(path: ".build/checkouts/Yams/Sources/CYaml/include")
    return (built + sources + [yaml]).map { $0.appending(path: "module.modulemap").path() }
      .filter(files.fileExists)
  }

  @Test("What an optimizer may see compiles: pixels, and what a head makes of them")
  func allowed() throws {
    #expect(
      try errors("func pixels(_ batches: inout any UnlabeledBatches) -> Tensor { batches.next() }")
        == "")
  }

  @Test(
    "Labels, samples and their names don't exist there",
    arguments: [
      ("func f(_ batches: inout any UnlabeledBatches) -> Labels { batches.labels }", "'Labels'"),
      ("func f(_ sample: SampleID) -> String { sample.text }", "'SampleID'"),
      ("func f(_ task: AdaptationData.Task) -> Int? { task.labels?.count }", "'labels'"),
      ("func f(_ task: AdaptationData.Task) -> Any { task.images.samples }", "'images'"),
    ])
  func refused(program: String, name: String) throws {
    let errors = try errors(program)
    #expect(errors.contains("error:") && errors.contains(name), "\(errors)")
  }
}
