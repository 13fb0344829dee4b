import Corruptions
import Foundation
import Imaging
import TensorCore
import TestSupport
import Testing

private let weather = ["fog", "snow", "frost", "elastic_transform"]
private let profiles = [
  "imagecorruptions", "imagenet-c", "imagenet-c-299", "imagenet-c-64", "cifar-c", "adamerging",
]

/// Five pictures under the names of the published photographs, as make_goldens.py draws them.
func frostFolder(sizes: [(width: Int, height: Int)]) throws -> TemporaryFolder {
  let folder = try TemporaryFolder()
  let names = ["frost1.png", "frost2.png", "frost3.png", "frost4.jpg", "frost5.jpg"]
  for (name, size) in zip(names, sizes) {
    let picture = testImage(width: size.width, height: size.height)
    try folder.write(PNGCodec.encode(picture), to: name)
  }
  return folder
}

@Suite("Weather and elastic transform")
struct WeatherTests {
  @Test("The random field alone decides the pixels, in every profile", arguments: weather)
  func field(name: String) throws {
    let image = testImage(width: 40, height: 33)
    for profile in profiles {
      let corruption = try library.get().corruption(name, profile: profile)
      for severity in [1, 4] {
        var recorder = Recorder(NumPyRandom(seed: 7))
        let first = try corruption.apply(to: image, severity: severity, random: &recorder)
        var replay = Replay(fields: recorder.fields)
        let second = try corruption.apply(to: image, severity: severity, random: &replay)
        #expect(!recorder.fields.isEmpty && replay.fields.isEmpty)
        #expect(first == second && first != image)
      }
    }
  }

  @Test("Draws come in the published order and number")
  func draws() throws {
    let image = testImage(width: 40, height: 33)
    func counts(_ name: String, _ profile: String) throws -> [Int] {
      let corruption = try library.get().corruption(name, profile: profile)
      var recorder = Recorder(NumPyRandom(seed: 7))
      _ = try corruption.apply(to: image, severity: 2, random: &recorder)
      return recorder.fields.map(\.count)
    }
    // A map of 64 x 64 covers the image; the map's first point is not drawn.
    #expect(try counts("fog", "imagecorruptions") == [64 * 64 - 1])
    #expect(try counts("fog", "imagenet-c") == [256 * 256 - 1])
    #expect(try counts("fog", "cifar-c") == [64 * 64 - 1])
    #expect(try counts("snow", "imagecorruptions") == [40 * 33, 1])
    #expect(try counts("frost", "imagecorruptions") == [1, 1, 1])
    #expect(try counts("elastic_transform", "imagecorruptions") == [40 * 33, 40 * 33])
    #expect(try counts("elastic_transform", "cifar-c") == [6, 40 * 33, 40 * 33])
  }

  @Test("Images of one pixel, one row and one column come through", arguments: weather)
  func tiny(name: String) throws {
    for profile in profiles {
      let corruption = try library.get().corruption(name, profile: profile)
      for (width, height) in [(1, 1), (17, 1), (1, 17), (3, 2)] {
        let image = testImage(width: width, height: height)
        for severity in Corruption.severityRange {
          var random = corruption.random(seed: 1, severity: severity, sample: "x")
          let result = try corruption.apply(to: image, severity: severity, random: &random)
          #expect(result.width == width && result.height == height)
        }
      }
    }
  }

  @Test("Images that the frost does not cover enlarge it", arguments: profiles)
  func large(profile: String) throws {
    let corruption = try library.get().corruption("frost", profile: profile)
    let image = testImage(width: 700, height: 30)
    var random = corruption.random(seed: 1, severity: 3, sample: "x")
    let result = try corruption.apply(to: image, severity: 3, random: &random)
    #expect(result.width == 700 && result.height == 30 && result != image)
  }

  @Test("Fog moves the image farther with every severity")
  func severities() throws {
    let corruption = try library.get().corruption("fog")
    let image = testImage(width: 64, height: 64)
    let distances = try Corruption.severityRange.map { severity in
      // The same draws, so that severities alone differ.
      var random = KeyedRandom(seed: 5, "draws")
      let result = try corruption.apply(to: image, severity: severity, random: &random)
      return zip(result.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    #expect(distances.first! > 0)
    #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("A still elastic field leaves the image as it is")
  func still() throws {
    let corruption = try library.get().corruption("elastic_transform")
    let image = testImage(width: 24, height: 20)
    let middle = [Double](repeating: 0.5, count: 24 * 20)
    var replay = Replay(fields: [middle, middle])
    #expect(try corruption.apply(to: image, severity: 5, random: &replay) == image)
  }

  @Test("Without a flake snow only pales the image")
  func flakeless() throws {
    let corruption = try library.get().corruption("snow")
    let image = testImage(width: 24, height: 20)
    var replay = Replay(fields: [[Double](repeating: -9, count: 24 * 20), [0.5]])
    let result = try corruption.apply(to: image, severity: 3, random: &replay)
    // A level may be lost to truncation.
    #expect(zip(result.pixels, image.pixels).allSatisfy { Int($0) >= Int($1) - 1 })
  }
}

@Suite("Assets")
struct AssetTests {
  private let sizes = [
    (width: 96, height: 80), (width: 50, height: 70), (width: 60, height: 40),
    (width: 40, height: 45), (width: 64, height: 64),
  ]

  private func frost(_ assets: CorruptionAssets?) throws -> (Corruption, PixelImage) {
    let library = try RecipeLibrary(directory: recipesFolder, assets: assets)
    let corruption = try library.corruption("frost")
    var random = NumPyRandom(seed: 4)
    let image = testImage(width: 48, height: 48)
    return (corruption, try corruption.apply(to: image, severity: 3, random: &random))
  }

  @Test("Other pictures give other pixels and another hash of the recipe")
  func pictures() throws {
    let folder = try frostFolder(sizes: sizes)
    let assets = try CorruptionAssets(directory: folder.path)
    let (painted, own) = try frost(nil)
    let (photographed, theirs) = try frost(assets)
    #expect(own != theirs)
    #expect(painted.hash != photographed.hash)
  }

  @Test("Corruptions without pictures keep their hash")
  func others() throws {
    let folder = try frostFolder(sizes: sizes)
    let assets = try CorruptionAssets(directory: folder.path)
    let with = try RecipeLibrary(directory: recipesFolder, assets: assets).corruption("fog")
    #expect(try with.hash == library.get().corruption("fog").hash)
  }

  @Test("A missing picture is named, with all that are needed")
  func missing() throws {
    let folder = try frostFolder(sizes: Array(sizes.prefix(3)))
    let error = #expect(throws: CorruptionError.self) {
      try CorruptionAssets(directory: folder.path)
    }
    #expect(
      "\(error!)" == "\(folder.path)/frost4.jpg: cannot be read: no such file; a folder of assets "
        + "holds frost1.png, frost2.png, frost3.png, frost4.jpg, frost5.jpg, as the package "
        + "imagecorruptions does")
  }

  @Test("The painted frost is the same on every machine")
  func painted() throws {
    let corruption = try library.get().corruption("frost")
    // Each of the five pictures, through the same window.
    let hashes = try (0..<5).map { picture in
      var replay = Replay(fields: [[Double(picture)], [100], [200]])
      let result = try corruption.apply(
        to: testImage(width: 64, height: 64), severity: 3, random: &replay)
      return ContentHash(of: result.pixels).description
    }
    #expect(Set(hashes).count == 5)
    #expect(
      hashes == [
        "c8217f340e533722d98f48d24d7890d9",
        "6d4ba537766022510972d51f673d737a",
        "894545b49ac39a91f1b40f7b81046ff2",
        "8d9086c699ec0cd07b6b55e9b329f7fa",
        "c994e3d8b17596cecc5e5776e97c184c",
      ])
  }
}
