import Corruptions
import Foundation
import Imaging
import TensorCore
import TestSupport
import Testing

/// One line of hashes.csv: what the published code makes of a test image.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  let width, height: Int
  let profile, corruption: String
  let severity: Int
  let seed: UInt32
  let hash: String

  var testDescription: String {
    "\(corruption) \(severity), \(profile), \(width) x \(height)"
  }

  static let all: [GoldenCase] = {
    guard let data = try? golden("hashes.csv") else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
      let field = line.split(separator: ",").map(String.init)
      return GoldenCase(
        width: Int(field[0])!, height: Int(field[1])!, profile: field[2], corruption: field[3],
        severity: Int(field[4])!, seed: UInt32(field[5])!, hash: field[6])
    }
  }()
}

@Suite("Goldens of the published packages")
struct GoldenTests {
  @Test("With NumPy's draws every pixel equals the published code's", arguments: GoldenCase.all)
  func equality(golden: GoldenCase) throws {
    let recipes = golden.corruption == "frost" ? try frostLibrary(golden) : try library.get()
    let corruption = try recipes.corruption(golden.corruption, profile: golden.profile)
    let image = testImage(width: golden.width, height: golden.height)
    var random = NumPyRandom(seed: golden.seed)
    let result = try corruption.apply(to: image, severity: golden.severity, random: &random)
    #expect(ContentHash(of: result.pixels).description == golden.hash)
  }

  @Test("The goldens cover every severity of each corruption in two profiles and sizes")
  func coverage() {
    for (_, cases) in Dictionary(grouping: GoldenCase.all, by: \.corruption) {
      #expect(Set(cases.map(\.profile)).count == 2)
      #expect(Set(cases.map(\.severity)) == [1, 2, 3, 4, 5])
      #expect(cases.count == 5 * 2 * 2)
    }
    let names = Set(GoldenCase.all.map(\.corruption))
    let eight: Set = [
      "shot_noise", "speckle_noise", "gaussian_blur", "glass_blur", "defocus_blur", "zoom_blur",
      "brightness", "saturate",
    ]
    #expect(names.isSuperset(of: eight) && names.count >= 15)
  }

  /// The recipes with the pictures of make_goldens.py: small ones that frost enlarges for the
  /// package, large ones of which CIFAR-10-C takes a fifth.
  private func frostLibrary(_ golden: GoldenCase) throws -> RecipeLibrary {
    let small = [(96, 80), (50, 70), (60, 40), (40, 45), (64, 64)]
    let large = [(400, 380), (340, 400), (360, 360), (420, 350), (345, 345)]
    let sizes = golden.profile == "cifar-c" ? large : small
    let folder = try frostFolder(sizes: sizes.map { (width: $0.0, height: $0.1) })
    return try RecipeLibrary(
      directory: recipesFolder, assets: CorruptionAssets(directory: folder.path))
  }
}

@Suite("NumPy's generators")
struct NumPyRandomTests {
  private struct Draws: Decodable {
    let seed: UInt32
    let uniforms, normals, moreNormals, generator: [Double]
    let integers, signs: [Int]
    let lateUniform: Double
    let poissons: [Double]
  }

  @Test("Every kind of draw equals NumPy's, in one sequence")
  func draws() throws {
    let goldens = try JSONDecoder().decode([Draws].self, from: golden("numpy.json"))
    #expect(goldens.count == 4)
    for expected in goldens {
      var random = NumPyRandom(seed: expected.seed)
      #expect(random.uniforms(3) == expected.uniforms)
      #expect(random.normals(5) == expected.normals)
      #expect((0..<6).map { _ in random.integer(in: -3..<7) } == expected.integers)
      #expect((0..<6).map { _ in random.integer(in: -1..<1) } == expected.signs)
      #expect(random.normals(2) == expected.moreNormals)
      #expect(random.uniforms(2000).last == expected.lateUniform)
      var counts = [0, 0.01, 0.3, 4, 9.99, 10, 12.5, 60, 500.5, 1e6]
      counts += counts + counts
      random.drawPoissons(means: &counts)
      #expect(counts == expected.poissons)
      var generator = [Double](repeating: 0, count: 4)
      var span = generator.mutableSpan
      random.drawGeneratorUniforms(into: &span)
      #expect(generator == expected.generator)
    }
  }
}
