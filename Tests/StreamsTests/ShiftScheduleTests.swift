import Streams
import TensorCore
import Testing

@Suite("Shift schedules")
struct ShiftScheduleTests {
  private let fog = Domain(corruption: "fog", severity: 3)
  private let snow = Domain(corruption: "snow", severity: 2.5)

  @Test("A schedule is its phases, with a short text")
  func texts() {
    #expect(ShiftSchedule.constant(.clean).text == "clean")
    #expect(ShiftSchedule.constant(snow).text == "snow-2.5")
    let continual = ShiftSchedule.continual([fog, .clean])
    #expect(continual.text == "continual(fog-3>clean)")
    #expect(continual.phases.map(\.domain) == [fog, .clean])
    let recurring = ShiftSchedule.recurring([fog, snow], rounds: 2)
    #expect(recurring.text == "recurring(fog-3>snow-2.5)*2")
    #expect(recurring.phases.map(\.domain) == [fog, snow, fog, snow])
    #expect(recurring.distinctPhases.map(\.domain) == [fog, snow])
    let mixed = ShiftSchedule.mixed([.clean, fog])
    #expect(mixed.text == "mixed(clean+fog-3)" && mixed.phases.count == 1)
    #expect(mixed.phases[0].domain == nil)
  }

  @Test("A ramp grows from severity 1 to 5 and back")
  func ramp() {
    let ramp = ShiftSchedule.ramp("fog")
    #expect(ramp.text == "ramp(fog)")
    #expect(ramp.phases.map { $0.domain?.severity } == [1, 2, 3, 4, 5, 4, 3, 2, 1])
    #expect(ramp.distinctPhases.count == 5)
  }

  @Test("In a mixed phase an image has the same domain whenever it comes, and all domains come")
  func mixed() {
    let phase = ShiftPhase(mixing: [.clean, fog, snow])
    let samples = (0..<300).map { SampleID("task/\($0)") }
    let domains = samples.map { phase.domain(of: $0, seed: 4) }
    #expect(domains == samples.map { phase.domain(of: $0, seed: 4) })
    #expect(domains != samples.map { phase.domain(of: $0, seed: 5) })
    for domain in phase.domains {
      // 100 expected, with a standard deviation of 8.
      #expect((70...130).contains(domains.count { $0 == domain }))
    }
  }
}
