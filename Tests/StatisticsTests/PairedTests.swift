import Foundation
import Statistics
import Testing

@Suite("Paired outcomes")
struct PairedTests {
  @Test("McNemar's test gives statsmodels' p values, tiny ones too")
  func mcNemar() throws {
    for golden in try StatisticsGoldens.load().mcnemar {
      let outcomes = PairedOutcomes(
        samples: 10_000, onlyMethod: golden.onlyMethod, onlyBaseline: golden.onlyBaseline)
      let (exact, mid) = (McNemarTest.exactP(outcomes), McNemarTest.midP(outcomes))
      #expect(abs(exact - golden.exact) <= 1e-9 * golden.exact, "\(golden): \(exact)")
      #expect(abs(mid - golden.mid) <= 1e-9 * golden.mid + 1e-15, "\(golden): \(mid)")
    }
  }

  @Test("The four counts come from two lists of outcomes, across word edges")
  func counts() {
    let method = (0..<131).map { $0 % 2 == 0 }
    let baseline = (0..<131).map { $0 % 3 == 0 }
    let outcomes = PairedOutcomes(method: OutcomeBits(method), baseline: OutcomeBits(baseline))
    #expect(outcomes.samples == 131)
    #expect(outcomes.onlyMethod == zip(method, baseline).count { $0 && !$1 })
    #expect(outcomes.onlyBaseline == zip(method, baseline).count { !$0 && $1 })
    #expect(outcomes.difference == Double(66 - 44) / 131)
  }

  @Test(
    "Outcomes come back from JSON as they were, a bit each", arguments: [0, 1, 7, 8, 63, 64, 65])
  func coding(count: Int) throws {
    let outcomes = (0..<count).map { $0 % 5 < 2 }
    let bits = OutcomeBits(outcomes)
    #expect(bits.correct == outcomes.count { $0 })
    #expect((0..<count).map { bits[$0] } == outcomes)
    let data = try JSONEncoder().encode(bits)
    #expect(try JSONDecoder().decode(OutcomeBits.self, from: data) == bits)
  }

  @Test("The first outcome is the lowest bit of the first byte")
  func layout() throws {
    let bits = OutcomeBits([true, false, false, false, false, false, false, false, true, true])
    let text = String(decoding: try JSONEncoder().encode(bits), as: UTF8.self)
    #expect(text.contains("\"AQM=\""), "base64 of 01 03: \(text)")
  }

  @Test(
    "Outcomes that don't fit their count are refused",
    arguments: [
      (10, "AQ=="), (3, "AQM="), (10, "AQc="), (8, "not base64"), (-1, ""), (0, "AA=="),
      (.max, ""),
    ])
  func damaged(count: Int, text: String) throws {
    let json = Data(#"{"count": \#(count), "bits": "\#(text)"}"#.utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(OutcomeBits.self, from: json)
    }
  }
}
