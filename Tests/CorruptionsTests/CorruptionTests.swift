import Corruptions
import Imaging
import Synchronization
import TensorCore
import Testing

private let random = [
  "gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "glass_blur", "motion_blur",
  "spatter",
]
private let deterministic = [
  "gaussian_blur", "defocus_blur", "zoom_blur", "brightness", "saturate", "contrast",
  "jpeg_compression", "pixelate",
]

@Suite("Corruption")
struct CorruptionTests {
  @Test("The random field alone decides the pixels", arguments: random)
  func field(name: String) throws {
    let corruption = try library.get().corruption(name)
    let image = testImage(width: 40, height: 33)
    for severity in Corruption.severityRange {
      var recorder = Recorder(NumPyRandom(seed: 7))
      let first = try corruption.apply(to: image, severity: severity, random: &recorder)
      #expect(!recorder.fields.isEmpty)
      var replay = Replay(fields: recorder.fields)
      let second = try corruption.apply(to: image, severity: severity, random: &replay)
      #expect(replay.fields.isEmpty)
      #expect(first == second)
    }
  }

  @Test("The others draw nothing", arguments: deterministic)
  func drawless(name: String) throws {
    let corruption = try library.get().corruption(name)
    var recorder = Recorder(KeyedRandom(seed: 1, "a"))
    _ = try corruption.apply(to: testImage(width: 40, height: 33), severity: 3, random: &recorder)
    #expect(recorder.fields.isEmpty)
  }

  @Test("Keyed draws give the same pixels on any number of threads and in any order")
  func threads() throws {
    let corruptions = try random.map { try library.get().corruption($0) }
    let image = testImage(width: 48, height: 36)
    @Sendable func corrupted(_ index: Int) -> PixelImage? {
      let corruption = corruptions[index % corruptions.count]
      var random = corruption.random(seed: 3, severity: 2, sample: "\(index).png")
      return try? corruption.apply(to: image, severity: 2, random: &random)
    }
    let serial = (0..<16).reversed().map { corrupted($0) }.reversed()
    #expect(serial.allSatisfy { $0 != nil })
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    for count in [1, 2, 7] {
      Parallel.threadCount = count
      #expect(Parallel.map(16) { corrupted($0) } == Array(serial))
    }
  }

  @Test("Seed, severity, corruption and sample each change the draws")
  func keys() throws {
    let noise = try library.get().corruption("gaussian_noise")
    let impulses = try library.get().corruption("impulse_noise")
    var draws: Set<Double> = []
    for (corruption, seed, severity, sample) in [
      (noise, UInt64(1), 1, "a"), (noise, 2, 1, "a"), (noise, 1, 2, "a"), (noise, 1, 1, "b"),
      (impulses, 1, 1, "a"),
    ] {
      var random = corruption.random(seed: seed, severity: severity, sample: sample)
      draws.insert(random.uniform())
    }
    #expect(draws.count == 5)
  }

  @Test(
    "The image moves farther from the original with every severity",
    arguments: [
      "gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "gaussian_blur",
      "zoom_blur", "brightness", "contrast", "jpeg_compression",
    ])
  func severities(name: String) throws {
    let corruption = try library.get().corruption(name)
    let image = testImage(width: 64, height: 64)
    let distances = try Corruption.severityRange.map { severity in
      var random = corruption.random(seed: 5, severity: severity, sample: "x")
      let result = try corruption.apply(to: image, severity: severity, random: &random)
      return zip(result.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    #expect(distances.first! > 0)
    #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(
    "Images of one pixel, one row and one column come through", arguments: random + deterministic)
  func tiny(name: String) throws {
    let corruption = try library.get().corruption(name)
    for (width, height) in [(1, 1), (17, 1), (1, 17), (3, 2)] {
      let image = testImage(width: width, height: height)
      for severity in Corruption.severityRange {
        var random = corruption.random(seed: 1, severity: severity, sample: "x")
        let result = try corruption.apply(to: image, severity: severity, random: &random)
        #expect(result.width == width && result.height == height)
      }
    }
  }

  @Test("Where no water falls the image stays")
  func dry() throws {
    let corruption = try library.get().corruption("spatter")
    let image = testImage(width: 24, height: 24)
    var replay = Replay(fields: [[Double](repeating: -3, count: 24 * 24)])
    #expect(try corruption.apply(to: image, severity: 1, random: &replay) == image)
  }

  @Test("The profile adamerging pixelates to 32 x 32, whatever the size")
  func quirk() throws {
    let corruption = try library.get().corruption("pixelate", profile: "adamerging")
    var random = KeyedRandom(seed: 0, "x")
    let result = try corruption.apply(
      to: testImage(width: 60, height: 44), severity: 2, random: &random)
    #expect(result.width == 32 && result.height == 32)
  }

  @Test("A severity beyond 1 to 5 is refused", arguments: [0, 6, -1])
  func severity(severity: Int) throws {
    let corruption = try library.get().corruption("contrast")
    var random = KeyedRandom(seed: 0, "x")
    let error = #expect(throws: CorruptionError.self) {
      try corruption.apply(
        to: testImage(width: 8, height: 8), severity: severity, random: &random)
    }
    #expect(
      "\(error!)" == "the corruption 'contrast' has no severity \(severity); give 1 to 5")
  }
}
