import Checkpoints
import Foundation
import Merging
import TensorCore
import TestSupport
import Testing

@Suite("DARE")
struct DARETests {
  private let layout = ParameterLayout([("a", [70_001]), ("b", [3, 10_000])])

  private func bank(memoryLimit: Int = 1 << 30) throws -> TaskVectorBank {
    try TaskVectorBank(
      base: StateDict(zeros: layout),
      experts: ["x", "y"].map { task in
        (task, StateDict(layout: layout, values: Array(repeating: 3, count: layout.count)))
      }, memoryLimit: memoryLimit)
  }

  @Test(
    "Masks and sums are those of an independent implementation",
    arguments: [(0.9, 0 as UInt64), (0.25, 7)])
  func golden(rate: Double, seed: UInt64) throws {
    let set = try ParitySet()
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
    let file = try SafetensorsFile(
      path: folder.appending(path: "dare.safetensors").path(percentEncoded: false))
    let expected = try file.tensor(named: "rate\(rate).seed\(seed)").values
    let found = try DARE(drop: RandomDrop(rate: rate, seed: seed)).merge(set.bank).shared.values
    #expect(expected.count == (found.count + 6) / 7)
    for (index, value) in expected.enumerated() {
      #expect(abs(found[7 * index] - value) < 1e-5)
    }
  }

  @Test("An entry is dropped, or divided by what is kept; each task drops others")
  func entries() throws {
    let kept = try bank().dropping(RandomDrop(rate: 0.75, seed: 5))
    let (x, y) = (try kept.vector(of: "x")!.values, try kept.vector(of: "y")!.values)
    #expect(x.allSatisfy { $0 == 0 || $0 == 12 })
    #expect(x != y)
    // Five standard deviations of 100,001 draws.
    let share = Double(x.count { $0 == 0 }) / Double(x.count)
    #expect(abs(share - 0.75) < 5 * (0.75 * 0.25 / 100_001).squareRoot())
  }

  @Test("Vectors in files and on one thread lose the same entries")
  func placeAndOrder() throws {
    let method = DARE(drop: RandomDrop(rate: 0.5, seed: 1))
    let expected = try method.merge(bank()).shared
    #expect(try method.merge(bank(memoryLimit: 0)).shared == expected)
    // One layer alone, which begins in the midst of a block of draws.
    let one = MergingCoefficients(
      .taskwise, tasks: ["x", "y"], layers: ["b"], values: [0.3, 0.3], drop: method.drop)
    #expect(try bank().merged(by: one)["b"] == expected["b"])
  }

  @Test("Another seed drops others, a rate of 0 none")
  func seeds() throws {
    let bank = try bank()
    func merged(_ rate: Double, _ seed: UInt64) throws -> StateDict {
      try DARE(drop: RandomDrop(rate: rate, seed: seed)).merge(bank).shared
    }
    #expect(try merged(0.9, 0) != merged(0.9, 1))
    #expect(try merged(0, 0) == TaskArithmetic().merge(bank).shared)
  }

  @Test("A file of coefficients makes the model again, of TIES too", arguments: [nil, 0.2])
  func coefficients(density: Double?) throws {
    let folder = try TemporaryFolder()
    let set = try ParitySet()
    let model = try DARE(drop: RandomDrop(rate: 0.5, seed: 9), density: density).merge(set.bank)
    try model.coefficients!.write(to: "\(folder.path)/c.json")
    let saved = try MergingCoefficients(contentsOf: "\(folder.path)/c.json")
    #expect(try set.bank.merged(by: saved) == model.shared)
  }

  @Test("With TIES, signs are elected among the entries that were not dropped")
  func ties() throws {
    let bank = try ParitySet().bank
    let drop = RandomDrop(rate: 0.5, seed: 2)
    let dropped = try bank.dropping(drop).matrix()
    let kept = try bank.dropping(drop).agreeing(density: 1).matrix()
    let count = bank.layout.count
    for index in 0..<count {
      let (a, b) = (dropped[index], dropped[count + index])
      let elected: Float = a + b
      guard elected != 0 else { continue }
      #expect(kept[index] == (a * elected > 0 ? a : 0))
      #expect(kept[count + index] == (b * elected > 0 ? b : 0))
    }
  }
}
