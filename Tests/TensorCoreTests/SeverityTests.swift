import TensorCore
import Testing

@Suite("Severities")
struct SeverityTests {
  @Test("They are above 0 and at most 5")
  func range() {
    #expect(
      Severity(validating: 0) == nil && Severity(validating: -1) == nil
        && Severity(validating: 5.001) == nil)
    #expect(Severity(validating: .nan) == nil)
    #expect(Severity(validating: 0.25)?.value == 0.25 && Severity(validating: 5)?.value == 5)
  }

  @Test("They are ordered, and written as short as can be")
  func text() {
    #expect([Severity(validating: 5)!, 2.5, 1].sorted() == [1, 2.5, 5])
    #expect("\(3 as Severity) \(2.5 as Severity)" == "3 2.5")
  }
}
