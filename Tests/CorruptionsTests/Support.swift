import Corruptions
import Foundation
import Imaging
import TensorCore

/// The repository's folder.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The recipes of the repository.
let library = Result { try RecipeLibrary(directory: recipesFolder) }

let recipesFolder = repository.appending(path: "corruptions").path(percentEncoded: false)

func golden(_ name: String) throws -> Data {
  try Data(contentsOf: repository.appending(path: "Tests/CorruptionsTests/Goldens/\(name)"))
}

/// Slopes, rings and checks: the same integers as `image` of make_goldens.py.
func testImage(width: Int, height: Int) -> PixelImage {
  var pixels: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      let slope = (4 * x + 2 * y) % 256
      let ring = (x * x + y * y) / 16 % 256
      let check = (x / 8 + y / 8) % 2 == 0 ? 230 : x * y / 8 % 256
      pixels += [UInt8(slope), UInt8(ring), UInt8(check)]
    }
  }
  return PixelImage(width: width, height: height, pixels: pixels)
}

/// What a recipe of one's own begins with.
let recipeHead = "family: ours\nsummary: a haze\nsource: ours\n"

/// A test image of 40 x 33 pixels under `corruption`, with the same draws each time.
func corruptedTestImage(_ corruption: Corruption, _ severity: Double) throws -> PixelImage {
  var random = KeyedRandom(seed: 2, "x")
  return try corruption.apply(
    to: testImage(width: 40, height: 33), severity: severity, random: &random)
}

/// Gives the fields of another source out again: the pixels of a corruption depend on nothing else.
struct Replay: CorruptionRandom {
  var fields: [[Double]]

  private mutating func next(_ count: Int) -> [Double] {
    let field = fields.removeFirst()
    precondition(field.count == count, "asked for \(count) draws, \(field.count) recorded")
    return field
  }

  mutating func drawUniforms(into values: inout MutableSpan<Double>) {
    let field = next(values.count)
    for index in values.indices { values[index] = field[index] }
  }
  mutating func drawNormals(into values: inout MutableSpan<Double>) { drawUniforms(into: &values) }
  mutating func uniform() -> Double { next(1)[0] }
  mutating func integer(in range: Range<Int>) -> Int { Int(uniform()) }
  mutating func drawIntegers(in range: Range<Int>, into values: inout [Int]) {
    values = next(values.count).map(Int.init)
  }
  mutating func drawPoissons(means: inout [Double]) { means = next(means.count) }
}

/// Notes the fields that are drawn.
struct Recorder<Source: CorruptionRandom>: CorruptionRandom {
  var source: Source
  var fields: [[Double]] = []

  init(_ source: Source) { self.source = source }

  mutating func uniform() -> Double {
    let value = source.uniform()
    fields.append([value])
    return value
  }
  mutating func drawUniforms(into values: inout MutableSpan<Double>) {
    source.drawUniforms(into: &values)
    note(values)
  }
  mutating func drawNormals(into values: inout MutableSpan<Double>) {
    source.drawNormals(into: &values)
    note(values)
  }
  mutating func drawGeneratorUniforms(into values: inout MutableSpan<Double>) {
    source.drawGeneratorUniforms(into: &values)
    note(values)
  }

  private mutating func note(_ values: borrowing MutableSpan<Double>) {
    fields.append(values.indices.map { values[$0] })
  }

  mutating func integer(in range: Range<Int>) -> Int {
    let value = source.integer(in: range)
    fields.append([Double(value)])
    return value
  }
  mutating func drawIntegers(in range: Range<Int>, into values: inout [Int]) {
    source.drawIntegers(in: range, into: &values)
    fields.append(values.map(Double.init))
  }
  mutating func drawPoissons(means: inout [Double]) {
    source.drawPoissons(means: &means)
    fields.append(means)
  }
}
