import Configuration
import Corruptions
import Imaging
import TensorCore
import TestSupport
import Testing

/// A library of recipes by name, beside the repository's.
private func makeLibrary(_ recipes: [String: String]) throws -> RecipeLibrary {
  let folder = try TemporaryFolder()
  for (name, text) in recipes { try folder.write(recipeHead + text, to: "\(name).yaml") }
  return try RecipeLibrary(directories: [folder.path, recipesFolder])
}

@Suite("Recipes that build on others")
struct RecipeStepTests {
  private static let twice = """
    pipeline:
      - {op: recipe, name: contrast}
      - {op: recipe, name: pixelate, severity: 1}
    severities: {}
    """

  @Test("A recipe is a step, at the same severity and in the same profile")
  func nested() throws {
    let library = try makeLibrary(["twice": Self.twice])
    for profile in ["imagecorruptions", "cifar-c"] {
      let twice = try library.corruption("twice", profile: profile)
      let parts = try ["contrast", "pixelate"].map {
        try library.corruption($0, profile: profile)
      }
      for severity in [1, 2.5, 4] {
        let steps =
          try parts[0].pipeline(severity: severity) + parts[1].pipeline(severity: 1)
        #expect(try twice.pipeline(severity: severity).count == steps.count)
        var image = WorkingImage(testImage(width: 40, height: 33))
        var random = KeyedRandom(seed: 2, "x")
        for step in steps { try step.apply(to: &image, using: &random) }
        #expect(try corruptedTestImage(twice, severity) == image.pixels)
      }
    }
  }

  @Test("A step may name a profile and take its severity from a row")
  func chosen() throws {
    let text = """
      pipeline: [{op: recipe, name: contrast, profile: cifar-c, severity: $level}]
      severities: {level: [0, .5, 1, 2, 3]}
      """
    let library = try makeLibrary(["chosen": text])
    let chosen = try library.corruption("chosen")
    let contrast = try library.corruption("contrast", profile: "cifar-c")
    for (severity, level) in [(1, 0), (2, 0.5), (3, 1), (4.5, 2.5), (5, 3)] {
      #expect(try corruptedTestImage(chosen, severity) == corruptedTestImage(contrast, level))
    }
  }

  @Test("The hash changes with a recipe that is built on")
  func hashes() throws {
    let inner = { (factor: Double) in
      "pipeline: [{op: contrast, factor: \(factor)}]\nseverities: {}\n"
    }
    let outer = "pipeline: [{op: recipe, name: inner}]\nseverities: {}\n"
    let hashes = try [inner(0.5), inner(0.5), inner(0.6)].map { text in
      try makeLibrary(["inner": text, "outer": outer]).corruption("outer").hash
    }
    #expect(hashes[0] == hashes[1] && hashes[1] != hashes[2])
  }

  @Test("A circle is refused with its way")
  func circle() {
    let step = { (name: String) in "pipeline: [{op: recipe, name: \(name)}]\nseverities: {}\n" }
    let error = #expect(throws: ConfigurationError.self) {
      try makeLibrary(["a": step("b"), "b": step("c"), "c": step("a")])
    }
    #expect(
      "\(error!)".hasSuffix(
        "c.yaml:4: profile any, severity 1, pipeline[0].name: the recipe builds on itself: "
          + "a -> b -> c -> a; take this step out"), "\(error!)")
    let itself = #expect(throws: ConfigurationError.self) { try makeLibrary(["a": step("a")]) }
    #expect("\(itself!)".contains("builds on itself: a -> a;"))
  }

  @Test("Unknown recipes and profiles are refused")
  func unknown() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try makeLibrary(["a": "pipeline: [{op: recipe, name: contrst}]\nseverities: {}\n"])
    }
    #expect(
      "\(error!)".hasSuffix("pipeline[0].name: unknown name 'contrst'; did you mean 'contrast'?"))
    let profile = #expect(throws: ConfigurationError.self) {
      try makeLibrary([
        "a": "pipeline: [{op: recipe, name: contrast, profile: mine}]\nseverities: {}\n"
      ])
    }
    #expect("\(profile!)".contains("the recipe 'contrast' has no profile 'mine'; add `profile:`"))
    // A general recipe has every profile of the library, but the one that it builds on may not.
    let library = try makeLibrary([
      "some": "pipeline: [{op: contrast, factor: $f}]\n"
        + "profiles: {mine: {severities: {f: [1, 1, 1, 1, 1]}}}\n",
      "on": "pipeline: [{op: recipe, name: some}]\nseverities: {}\n",
    ])
    #expect(throws: Never.self) { try library.corruption("on", profile: "mine") }
    #expect(throws: CorruptionError.self) { try library.corruption("on", profile: "cifar-c") }
  }
}
