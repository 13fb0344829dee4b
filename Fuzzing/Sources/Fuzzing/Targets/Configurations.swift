import Configuration
import Corruptions
import Evaluation
import Foundation
import Imaging
import Merging
import TensorCore
import TextModels
import VisionModels

extension FuzzTarget {
  static let configurations: [FuzzTarget] = [
    FuzzTarget(name: "recipe") { bytes in
      let path = folder.write(bytes, "recipes/input.yaml")
      let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
      guard let library = accepted("input.yaml", { try RecipeLibrary(directory: directory) }),
        let corruption = accepted("input", { try library.corruption("input") })
      else { return }
      // Run what a small image takes no time for; the sizes of fields and filters are bounded by
      // the ranges of the parameters, not by the image.
      let severity = Double(bytes.count % 10) / 2 + 0.5
      guard severity <= 5,
        let pipeline = accepted("input", { try corruption.pipeline(severity: severity) }),
        pipeline.count <= 3
      else { return }
      var random = corruption.random(seed: 1, severity: severity, sample: "a")
      let result = accepted("") {
        try corruption.apply(to: image, severity: severity, random: &random)
      }
      if let result { precondition(result.width > 0 && result.height > 0) }
    },
    FuzzTarget(name: "plan") { bytes in
      folder.write(suite.utf8, "plans/suite.yaml")
      let path = folder.write(bytes, "plans/input.yaml")
      if let plan = accepted(
        "/", { try Plan(contentsOf: path, methodNames: MethodCatalog.names) })
      {
        precondition(!plan.experiments.isEmpty)
      }
    },
    FuzzTarget(name: "suite") { bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else { return }
      guard
        let suite = accepted(
          "input", { try TaskSuite(YAMLDocument(text: text, file: "input")) })
      else { return }
      precondition(!suite.tasks.isEmpty)
    },
    FuzzTarget(name: "yaml") { bytes in
      let path = folder.write(bytes, "input.yaml")
      guard let document = accepted("input.yaml", { try YAMLDocument(contentsOf: path) }) else {
        return
      }
      _ = accepted("input.yaml") { try document.reader().finish() }
      _ = accepted("input.yaml") { try ClassPrompts(document) }
    },
    FuzzTarget(name: "tokenizer") { bytes in
      folder.write(bytes, "tokenizer/tokenizer.json")
      let tokenizer = accepted("token") {
        try CLIPTokenizer(directory: folder("tokenizer"))
      }
      if let tokenizer {
        let tokens = tokenizer.encode("A photo of a dog's 2 ears, naïve.")
        precondition(tokens.count <= 77)
      }
    },
    FuzzTarget(name: "model-configuration") { bytes in
      let path = folder.write(bytes, "config.json")
      if let configuration = accepted("config", { try ViTConfiguration(contentsOf: path) }) {
        precondition(configuration.width % configuration.headCount == 0)
      }
      _ = accepted("config") { try TextConfiguration(contentsOf: path) }
    },
  ]

  private static let folder = ScratchFolder("configurations")

  private static let image = PixelImage(
    width: 13, height: 17, pixels: (0..<3 * 13 * 17).map { UInt8(truncatingIfNeeded: 7 &* $0) })

  private static let suite = """
    name: tiny
    base: models/base
    tasks:
      - name: digits
      - name: scenes
      - name: textures
    """
}
