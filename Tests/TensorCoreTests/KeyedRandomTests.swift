import TensorCore
import Testing

@Suite("Keyed random draws")
struct KeyedRandomTests {
  @Test("Philox4x32-10 gives the known answers of Random123")
  func knownAnswers() {
    let zero = KeyedRandom.philox((0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = KeyedRandom.philox((~0, ~0, ~0, ~0), key: (~0, ~0))
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = KeyedRandom.philox(
      (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test("The same seed and path give the same draws, any other seed or path gives others")
  func keys() {
    func draws(_ seed: UInt64, _ path: String...) -> [Double] {
      var random = KeyedRandom(seed: seed, path: path)
      return random.uniforms(8)
    }
    #expect(draws(1, "a", "b") == draws(1, "a", "b"))
    #expect(draws(1, "a", "b") != draws(2, "a", "b"))
    #expect(draws(1, "a", "b") != draws(1, "ab"))
    #expect(draws(1, "a", "b") != draws(1, "a", "c"))
  }

  @Test("Bulk draws do not depend on how many are asked for at a time beyond whole blocks")
  func bulk() {
    var whole = KeyedRandom(seed: 7, "x")
    var parts = KeyedRandom(seed: 7, "x")
    #expect(whole.normals(12) == parts.normals(4) + parts.normals(8))
  }

  @Test("Uniform draws fill [0, 1) evenly, normal draws have mean 0 and variance 1")
  func moments() {
    var random = KeyedRandom(seed: 3, "moments")
    let uniforms = random.uniforms(100_000)
    #expect(uniforms.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(uniforms.reduce(0, +) / 100_000 - 0.5) < 0.004)
    let normals = random.normals(100_000)
    let mean = normals.reduce(0, +) / 100_000
    let variance = normals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    #expect(abs(mean) < 0.013)
    #expect(abs(variance - 1) < 0.018)
  }

  @Test("Integers reach every value of their range and no other")
  func integers() {
    var random = KeyedRandom(seed: 5, "integers")
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<5000 { counts[random.integer(in: -2..<3) + 2] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
  }

  @Test("A permutation holds every index once and is not the identity")
  func permutation() {
    var random = KeyedRandom(seed: 9, "order")
    let order = random.permutation(50)
    #expect(order.sorted() == Array(0..<50))
    #expect(order != Array(0..<50))
    #expect(random.permutation(0).isEmpty)
  }
}

@Suite("Normal distribution")
struct NormalDistributionTests {
  @Test(
    "Quantiles equal SciPy's norm.ppf",
    arguments: [
      (1e-9, -5.9978070150076865), (1e-5, -4.264890793922825), (0.02, -2.053748910631823),
      (0.075, -1.4395314709384563), (0.3, -0.5244005127080409), (0.5, 0.0),
      (0.77, 0.7388468491852137), (0.95, 1.6448536269514722), (0.9999999, 5.199337582290661),
    ])
  func quantiles(probability: Double, expected: Double) {
    let quantile = NormalDistribution.quantile(probability)
    #expect(abs(quantile - expected) <= 1e-14 * max(1, abs(expected)))
  }
}
