import Configuration
import Corruptions
import Foundation
import Imaging
import TensorCore
import TestSupport
import Testing

/// The message of the library over a folder with the one recipe `haze.yaml`.
private func message(_ text: String) throws -> String {
  let folder = try TemporaryFolder()
  try folder.write(text, to: "haze.yaml")
  do {
    _ = try RecipeLibrary(directory: folder.path)
    return "no error"
  } catch {
    return "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
  }
}

@Suite("Recipes")
struct RecipeTests {
  @Test("A file dropped into a folder is a corruption, in every profile")
  func dropped() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      recipeHead + """
        pipeline:
          - op: contrast
            factor: $factor
          - {op: gaussian_noise, sigma: .05}
        severities:
          factor: [.9, .8, .7, .6, .5]
        """, to: "mine/haze.yaml")
    let library = try RecipeLibrary(directories: [folder.path, recipesFolder])
    #expect(library.names().contains("haze"))
    for profile in library.profiles {
      let haze = try library.corruption("haze", profile: profile)
      #expect(haze.family == "ours" && haze.severities.map(\.count) == [2, 2, 2, 2, 2])
      var random = haze.random(seed: 1, severity: 5, sample: "a")
      let image = testImage(width: 16, height: 12)
      #expect(try haze.apply(to: image, severity: 5, random: &random) != image)
    }
  }

  @Test("A pipeline stays in doubles between its steps")
  func composed() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      recipeHead + """
        pipeline:
          - {op: gaussian_noise, sigma: 0}
          - {op: contrast, factor: $factor}
          - {op: contrast, factor: $inverse}
        severities:
          factor: [.5, .25, .125, .0625, .03125]
          inverse: [2, 4, 8, 16, 32]
        """, to: "identity.yaml")
    let identity = try RecipeLibrary(directory: folder.path).corruption("identity")
    let image = testImage(width: 20, height: 20)
    for severity in Corruption.severityRange {
      var random = KeyedRandom(seed: 0, "x")
      let result = try identity.apply(to: image, severity: severity, random: &random)
      // Truncation may take one level; 8 bits between the steps would take far more.
      let lost = zip(image.pixels, result.pixels).map { Int($0) - Int($1) }
      #expect(lost.allSatisfy { (0...1).contains($0) })
    }
  }

  @Test("The seven corruptions of the paper are there in every profile")
  func seven() throws {
    let library = try library.get()
    let seven = [
      "motion_blur", "impulse_noise", "gaussian_noise", "pixelate", "spatter", "contrast",
      "jpeg_compression",
    ]
    let profiles = ["imagecorruptions", "imagenet-c", "cifar-c", "adamerging"]
    #expect(Set(library.profiles).isSuperset(of: profiles))
    for profile in profiles {
      #expect(Set(library.names(in: profile)).isSuperset(of: seven))
      for name in seven {
        let corruption = try library.corruption(name, profile: profile)
        #expect(corruption.profile == profile && corruption.severities.count == 5)
      }
    }
  }

  @Test("A recipe of an earlier folder hides the one of the same name behind it")
  func hiding() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      recipeHead + "pipeline: [{op: contrast, factor: $f}]\nseverities: {f: [1, 1, 1, 1, 1]}\n",
      to: "contrast.yaml")
    let library = try RecipeLibrary(directories: [folder.path, recipesFolder])
    #expect(try library.corruption("contrast").family == "ours")
    #expect(try library.corruption("contrast").hash != library.corruption("pixelate").hash)
  }

  @Test("An unknown corruption or profile is refused with the nearest name")
  func unknown() throws {
    let library = try library.get()
    let name = #expect(throws: CorruptionError.self) { try library.corruption("gausian_noise") }
    #expect(
      "\(name!)" == "there is no corruption 'gausian_noise'; did you mean 'gaussian_noise'?")
    let profile = #expect(throws: CorruptionError.self) {
      try library.corruption("contrast", profile: "imagenet")
    }
    #expect(
      "\(profile!)"
        == "the corruption 'contrast' has no profile 'imagenet'; did you mean 'imagenet-c'?")
  }

  @Test("Faults are named by file, line and field", arguments: Self.faulty)
  func faults(text: String, expected: String) throws {
    #expect(try message(text) == expected)
  }

  private static let steps = "pipeline:\n  - op: gaussian_noise\n    sigma: $sigma\n"
  private static let first = "profile any, severity 1, pipeline[0]"

  static let faulty: [(String, String)] = [
    (
      recipeHead + "pipeline:\n  - op: gausian_noise\nseverities: {}\n",
      "haze.yaml:5: \(first).op: unknown name 'gausian_noise'; did you mean 'gaussian_noise'?"
    ),
    (
      recipeHead + steps + "severities:\n  sigma: [1, 2, 3, 4]\n",
      "haze.yaml:8: severities.sigma: is a list of 4; it must be a list of 5 values, one for each "
        + "severity"
    ),
    (
      recipeHead + steps + "severities:\n  sigma: [.1, .2, .3, -4, .5]\n",
      "haze.yaml:8: profile any, severity 4, pipeline[0].sigma: is -4; it must be a number from 0 "
        + "to 10"
    ),
    (
      recipeHead + steps + "severities:\n  sigma: [.1, .nan, .3, .4, .5]\n",
      "haze.yaml:8: profile any, severity 2, pipeline[0].sigma: is .nan; it must be a number from "
        + "0 to 10"
    ),
    (
      recipeHead + steps + "severities:\n  sgima: [.1, .2, .3, .4, .5]\n",
      "haze.yaml:6: \(first).sigma: unknown name '$sigma'; did you mean '$sgima'?"
    ),
    (
      recipeHead + steps + "severities:\n  sigma: [1, 2, 3, 4, 5]\n  depth: [1, 2, 3, 4, 5]\n",
      "haze.yaml:9: profile any, severities.depth: no step of the pipeline uses this row; write "
        + "$depth for a parameter's value, or take the row out"
    ),
    (
      recipeHead + "pipeline:\n  - op: contrast\n    factro: 1\nseverities: {}\n",
      "haze.yaml:5: \(first).factor: is missing; it must be a number from 0 to 100"
    ),
    (
      recipeHead + "pipeline:\n  - op: contrast\n    factor: 1\n    radus: 1\nseverities: {}\n",
      "haze.yaml:7: \(first): unknown key 'radus'; known keys: op, factor"
    ),
    (
      recipeHead + "pipeline:\n  - op: shot_noise\n    photons: 0\nseverities: {}\n",
      "haze.yaml:6: \(first).photons: is 0; it must be a number from 0.001 to 1000000"
    ),
    (
      recipeHead + "pipeline:\n  - {op: glass_blur, sigma: 1, distance: 1.5, iterations: 1}\n"
        + "severities: {}\n",
      "haze.yaml:5: \(first).distance: is '1.5'; it must be an integer from 1 to 1000"
    ),
    (
      recipeHead + "pipeline:\n  - {op: zoom_blur, end: 1.1, step: .01, surplus: arround}\n"
        + "severities: {}\n",
      "haze.yaml:5: \(first).surplus: unknown name 'arround'; did you mean 'around'?"
    ),
    (
      recipeHead + "sevrities: {}\n" + steps,
      "haze.yaml:4: unknown key 'sevrities'; did you mean 'severities'?"
    ),
    (
      recipeHead + steps,
      "haze.yaml:1: severities: is missing; it must be a table of 5 values for each parameter, or "
        + "`profiles` that have one"
    ),
    (
      recipeHead + "severities: {}\n",
      "haze.yaml:1: pipeline: is missing; it must be a list of steps, each with an `op`"
    ),
    (
      recipeHead + "pipeline: 3\nseverities: {}\n",
      "haze.yaml:4: profile any, severity 1, pipeline: is '3'; it must be a list of steps, each "
        + "with an `op`"
    ),
    (
      recipeHead + steps + "profiles:\n  cifar-c:\n    like: cifer\n",
      "haze.yaml:9: profiles.cifar-c.like: unknown name 'cifer'; none is known here"
    ),
    (
      recipeHead
        + "pipeline:\n  - op: motion_blur\n    radius: 3\n    sigma: 1\n    angles: [9, 1]\n"
        + "severities: {}\n",
      "haze.yaml:8: \(first).angles: the first is above the second; give the smaller one first"
    ),
    ("family: ours\nsummary: a\n", "haze.yaml:1: source: is missing; it must be a text"),
  ]

  @Test("Two files of one name in a folder are refused")
  func twice() throws {
    let folder = try TemporaryFolder()
    let text =
      recipeHead + "pipeline: [{op: contrast, factor: $f}]\nseverities: {f: [1, 1, 1, 1, 1]}\n"
    try folder.write(text, to: "a/haze.yaml")
    try folder.write(text, to: "b/haze.yaml")
    let error = #expect(throws: ConfigurationError.self) {
      try RecipeLibrary(directory: folder.path)
    }
    #expect(
      "\(error!)" == "\(folder.path)/b/haze.yaml:1: the recipe 'haze' is also in "
        + "\(folder.path)/a/haze.yaml; give one of the files another name")
  }

  @Test("A folder that is not there is refused")
  func missing() {
    #expect(
      throws: ConfigurationError.unreadable(file: "/no/such/folder", reason: "no such folder")
    ) { try RecipeLibrary(directory: "/no/such/folder") }
  }

  @Test("Every primitive has a name of its own and one line that says what it does")
  func catalogue() {
    let names = PrimitiveCatalog.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(PrimitiveCatalog.all.allSatisfy { !$0.summary.isEmpty && !$0.summary.contains("\n") })
  }
}
