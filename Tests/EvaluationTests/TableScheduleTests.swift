import Evaluation
import Testing

@Suite("When tables are written")
struct TableScheduleTests {
  private let begin = ContinuousClock.now

  @Test("Not in the first half second, then at once")
  func first() {
    let schedule = TableSchedule(from: begin)
    #expect(!schedule.isDue(at: begin + .milliseconds(499)))
    #expect(schedule.isDue(at: begin + .milliseconds(500)))
  }

  @Test("Tables that are quick to write come twice a second")
  func quick() {
    var schedule = TableSchedule(from: begin)
    let end = begin + .milliseconds(501)
    schedule.wrote(from: begin + .milliseconds(500), to: end)
    #expect(!schedule.isDue(at: end + .milliseconds(499)))
    #expect(schedule.isDue(at: end + .milliseconds(500)))
  }

  @Test("Tables that grow with every cell take a twentieth of the time at most")
  func growing() {
    var schedule = TableSchedule(from: begin)
    var (now, writing, times) = (begin, Duration.zero, 0)
    for cell in 1...20_000 {
      now += .milliseconds(100)
      guard schedule.isDue(at: now) else { continue }
      #expect(writing / (now - begin) <= 0.05)
      // A millisecond for each cell that is finished.
      let cost = Duration.milliseconds(cell)
      schedule.wrote(from: now, to: now + cost)
      now += cost
      writing += cost
      times += 1
    }
    #expect(times > 20, "and they are written all the same")
  }
}
