import Foundation
import Imaging
import TensorCore
import TestSupport
import Testing
import Training

private func image(_ side: Int, _ value: (Int, Int) -> UInt8) -> PixelImage {
  var pixels: [UInt8] = []
  for y in 0..<side {
    for x in 0..<side { pixels += [value(x, y), value(x, y), value(x, y)] }
  }
  return PixelImage(width: side, height: side, pixels: pixels)
}

@Suite("Training data")
struct DatasetTests {
  private let pool = PooledDataset(
    classNames: ["a", "b", "c"],
    samples: (0..<23).map { index in
      TrainingSample(image: image(2) { _, _ in UInt8(index) }, label: index < 20 ? index % 2 : 2)
    })

  @Test("A split takes its share of every class and leaves nothing in both")
  func split() {
    let (train, validation) = pool.split(validationFraction: 0.2, seed: 1)
    func values(_ set: PooledDataset) -> [UInt8] {
      (0..<set.count).map { set.sample($0).image.pixels[0] }
    }
    #expect(Set(values(train) + values(validation)).count == 23)
    #expect(train.count + validation.count == 23)
    let labels = (0..<validation.count).map { validation.sample($0).label }
    #expect(labels.filter { $0 == 0 }.count == 2)
    #expect(labels.filter { $0 == 1 }.count == 2)
    #expect(labels.filter { $0 == 2 }.count == 1)
    #expect(values(pool.split(validationFraction: 0.2, seed: 1).validation) == values(validation))
    #expect(pool.split(validationFraction: 0, seed: 1).validation.count == 0)
  }

  @Test("The content hash names labels and pixels")
  func contentHash() {
    let same = PooledDataset(pool)
    #expect(same.contentHash == pool.contentHash)
    #expect(pool.split(validationFraction: 0.1, seed: 1).train.contentHash != pool.contentHash)
  }

  @Test("A folder without classes, with one class or with an empty one is refused")
  func badFolders() throws {
    let folder = try TemporaryFolder()
    func path(_ name: String) -> String { "\(folder.path)/\(name)" }
    let png = try PNGCodec.encode(image(4) { x, y in UInt8(x * 16 + y) })
    try folder.write(png, to: "one/cat/1.png")
    try folder.write(png, to: "empty/cat/1.png")
    try FileManager.default.createDirectory(
      atPath: path("empty/dog"), withIntermediateDirectories: true)
    try folder.write(png, to: "broken/cat/1.png")
    try folder.write(Array(png.prefix(20)), to: "broken/dog/1.png")
    try folder.write(png, to: "good/cat/1.png")
    try folder.write(png, to: "good/dog/1.png")
    try folder.write([1] as [UInt8], to: "good/dog/notes.txt")

    let preprocessing = Preprocessing(imageSize: 4)
    for (name, word) in [("none", "none"), ("one", "one class"), ("empty", "dog")] {
      #expect {
        try PooledDataset(folder: path(name), preprocessing: preprocessing)
      } throws: { error in
        guard case TrainingError.folder(path(name), _) = error else { return false }
        return "\(error)".contains(word)
      }
    }
    #expect {
      try PooledDataset(folder: path("broken"), preprocessing: preprocessing)
    } throws: { error in
      guard case TrainingError.image(path("broken/dog/1.png"), _) = error else { return false }
      return true
    }
    let good = try PooledDataset(folder: path("good"), preprocessing: preprocessing)
    #expect(good.classNames == ["cat", "dog"])
    #expect((0..<good.count).map { good.sample($0).label } == [0, 1])
  }
}

@Suite("Augmentation")
struct AugmentationTests {
  private let ramp = image(16) { x, y in UInt8(x * 12 + y) }

  private func apply(_ augmentation: Augmentation, to image: PixelImage, _ key: String)
    -> PixelImage
  {
    var random = KeyedRandom(seed: 3, key)
    return augmentation.apply(to: image, using: &random)
  }

  @Test("None leaves an image alone, and so does one that changes nothing")
  func identity() {
    #expect(apply(.none, to: ramp, "a") == ramp)
  }

  @Test("The same key gives the same image, another key another")
  func keyed() {
    let augmentation = Augmentation()
    #expect(apply(augmentation, to: ramp, "a") == apply(augmentation, to: ramp, "a"))
    #expect(apply(augmentation, to: ramp, "a") != apply(augmentation, to: ramp, "b"))
    #expect(apply(augmentation, to: ramp, "a").pixels.count == ramp.pixels.count)
  }

  @Test("Flips alone give the image or its mirror, each about half the time")
  func flips() {
    let flips = Augmentation(shift: 0, zoom: 0, tone: 0, flipsHorizontally: true)
    let mirror = image(16) { x, y in UInt8((15 - x) * 12 + y) }
    let results = (0..<64).map { apply(flips, to: ramp, "\($0)") }
    let mirrored = results.filter { $0 == mirror }.count
    #expect(results.allSatisfy { $0 == ramp || $0 == mirror })
    #expect((16...48).contains(mirrored))
  }

  @Test("Shifts stay within their bound")
  func shifts() {
    let shifts = Augmentation(shift: 0.125, zoom: 0, tone: 0)
    for key in 0..<32 {
      let result = apply(shifts, to: ramp, "\(key)")
      let middle = Int(result.pixels[(8 * 16 + 8) * 3])
      #expect(abs(middle - (8 * 12 + 8)) <= 2 * 12 + 2 + 1)
    }
  }

  @Test("A grey image without tone changes stays as it is")
  func uniform() {
    let grey = image(16) { _, _ in 100 }
    #expect(apply(Augmentation(tone: 0), to: grey, "x") == grey)
  }
}
