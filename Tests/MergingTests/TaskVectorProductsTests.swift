import Checkpoints
import Merging
import TensorCore
import TestSupport
import Testing

@Suite("Products with task vectors")
struct TaskVectorProductsTests {
  /// Layers of ragged sizes, the largest in several of the pieces that the work is cut into.
  private let layout = ParameterLayout([
    ("one", [1]), ("few", [8]), ("odd", [33]), ("large", [70_000]), ("rest", [9_999]),
  ])

  private func state(_ name: String) -> StateDict {
    var random = KeyedRandom(seed: 4, "products", name)
    return StateDict(layout: layout, values: random.normals(layout.count).map { Float($0) })
  }

  private func bank(memoryLimit: Int = 1 << 30) throws -> TaskVectorBank {
    try TaskVectorBank(
      base: state("base"), experts: (0..<3).map { ("task\($0)", state("\($0)")) },
      memoryLimit: memoryLimit)
  }

  private func coefficients(_ bank: TaskVectorBank, density: Double? = nil) -> MergingCoefficients {
    let layers = ["few", "large", "rest"]
    return MergingCoefficients(
      .layerwise, tasks: bank.tasks, layers: layers,
      values: (0..<9).map { 0.1 * Double($0) - 0.3 }, density: density)
  }

  @Test(
    "Vectors in bfloat16 are the rounded ones, in memory and in files", arguments: [1 << 30, 0])
  func halfPrecision(memoryLimit: Int) throws {
    let bank = try TaskVectorBank(
      base: state("base"), experts: (0..<3).map { ("task\($0)", state("\($0)")) },
      precision: .bfloat16, memoryLimit: memoryLimit)
    let exact = try self.bank()
    let rounded = try exact.matrix().map {
      HalfPrecision.float(fromBFloat16: HalfPrecision.bfloat16Bits($0))
    }
    #expect(try bank.matrix() == rounded)
    // Layers begin at odd places, in the middle of a word of two.
    let merged = try bank.merged(by: coefficients(bank))
    let close = try exact.merged(by: coefficients(exact))
    #expect(zip(merged.values, close.values).allSatisfy { abs($0 - $1) < 0.01 })
    #expect(merged != close)
    let ranges = ["odd", "large"].map { layout[$0]!.range }
    let products = try bank.coefficientGradient(of: state("gradient"), ranges: ranges)
    let gradient = state("gradient").values
    for (layer, range) in ranges.enumerated() {
      let expected = range.reduce(0.0) {
        $0 + Double(gradient[$1]) * Double(rounded[layout.count + $1])
      }
      #expect(abs(Double(products[2 + layer]) - expected) < 1e-6 * (1 + abs(expected)))
    }
  }

  @Test("Merging and its gradient are the sums that define them; layers left out stay the base's")
  func definition() throws {
    let bank = try bank()
    let (base, matrix, weights) = (state("base"), try bank.matrix(), coefficients(bank))
    let merged = try bank.merged(by: weights)
    for entry in layout.entries {
      for index in entry.range {
        let expected = bank.tasks.indices.reduce(Double(base.values[index])) { sum, row in
          let weight = weights[bank.tasks[row], entry.name] ?? 0
          return sum + Double(Float(weight)) * Double(matrix[row * layout.count + index])
        }
        guard abs(Double(merged.values[index]) - expected) > 1e-5 else { continue }
        Issue.record("\(entry.name), \(index): \(merged.values[index]) for \(expected)")
      }
    }
    #expect(merged["one"] == base["one"] && merged["odd"] == base["odd"])

    let gradient = state("gradient")
    let ranges = ["few", "large"].map { layout[$0]!.range }
    let products = try bank.coefficientGradient(of: gradient, ranges: ranges)
    for row in bank.tasks.indices {
      for (layer, range) in ranges.enumerated() {
        let expected = range.reduce(0.0) {
          $0 + Double(gradient.values[$1]) * Double(matrix[row * layout.count + $1])
        }
        #expect(abs(Double(products[2 * row + layer]) - expected) < 1e-6 * (1 + abs(expected)))
      }
    }
  }

  @Test(
    "Vectors in temporary files give the same bits as vectors in memory", arguments: [nil, 0.2])
  func files(density: Double?) throws {
    // Room for none, and for one of three.
    let outcomes = try [1 << 30, 0, layout.count * 4].map { limit in
      let bank = try bank(memoryLimit: limit)
      let merged = try bank.merged(by: coefficients(bank, density: density))
      let products = try bank.coefficientGradient(
        of: state("gradient"), ranges: layout.entries.map(\.range))
      return merged.values + products + (try bank.expert(of: "task2")!.values)
    }
    #expect(outcomes[0] == outcomes[1] && outcomes[0] == outcomes[2])
  }

  @Test("The number of threads changes no bit")
  func threads() throws {
    let bank = try bank()
    let outcomes = try [1, 2, 5].map { threads in
      Parallel.threadCount = threads
      return try bank.merged(by: coefficients(bank)).values
        + bank.coefficientGradient(of: state("gradient"), ranges: layout.entries.map(\.range))
    }
    #expect(outcomes[0] == outcomes[1] && outcomes[0] == outcomes[2])
  }
}
