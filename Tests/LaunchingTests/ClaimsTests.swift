import Foundation
import Launching
import Results
import Synchronization
import TestSupport
import Testing

@Suite("Claims")
struct ClaimsTests {
  private let folder: TemporaryFolder
  private let unit = CellKey(["unit": "1"])

  init() throws {
    folder = try TemporaryFolder()
  }

  private func claims(_ holder: Claims.Holder, _ timeToLive: Duration = .seconds(60)) -> Claims {
    Claims(results: folder.path, holder: holder, timeToLive: timeToLive)
  }

  @Test("One of two gets a unit, and the other one when it is given back")
  func exclusion() throws {
    var (first, second) = (claims(exampleHolder(0)), claims(exampleHolder(1)))
    #expect(try first.take(unit) == .taken)
    #expect(try second.take(unit) == .held(.unknown))
    #expect(second.holder(of: unit) == exampleHolder(0))
    second.release(unit)
    #expect(second.holder(of: unit) == exampleHolder(0), "not its own")
    first.release(unit)
    #expect(try second.take(unit) == .taken)
  }

  @Test("Of many takers at a time exactly one gets the unit")
  func race() async throws {
    for round in 0..<20 {
      let unit = CellKey(["round": "\(round)"])
      let taken = await withTaskGroup(of: Bool.self) { group in
        for index in 0..<16 {
          group.addTask {
            var claims = claims(exampleHolder(index, of: 16))
            return (try? claims.take(unit)) == .taken
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(taken == 1)
    }
  }

  @Test("A claim that is refreshed is alive, one that is not is lost after its time to live")
  func timeToLive() throws {
    var holder = claims(exampleHolder(0), .milliseconds(200))
    var other = claims(exampleHolder(1), .milliseconds(200))
    #expect(try holder.take(unit) == .taken)
    #expect(try other.take(unit) == .held(.unknown))
    Thread.sleep(forTimeInterval: 0.15)
    holder.refresh(unit)
    #expect(try other.take(unit) == .held(.alive))
    Thread.sleep(forTimeInterval: 0.1)
    #expect(try other.take(unit) == .held(.unknown))
    Thread.sleep(forTimeInterval: 0.15)
    #expect(try other.take(unit) == .taken)
    holder.release(unit)
    #expect(other.holder(of: unit) == exampleHolder(1), "no longer the first one's to give back")
  }

  @Test("A process of this machine that has ended holds nothing")
  func endedProcess() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exit 0"]
    try process.run()
    process.waitUntilExit()
    var dead = claims(exampleHolder(0, host: "here", process: process.processIdentifier))
    #expect(try dead.take(unit) == .taken)
    let own = ProcessInfo.processInfo.processIdentifier
    var afar = claims(exampleHolder(1, host: "there", process: own))
    #expect(try afar.take(unit) == .held(.unknown), "its machine can't tell")
    var near = claims(exampleHolder(1, host: "here", process: own))
    #expect(try near.take(unit) == .taken)
  }

  @Test("A job that was requeued takes over from its earlier life at once")
  func requeuedJob() throws {
    var before = claims(exampleHolder(0, host: "n1", job: "17_0"))
    #expect(try before.take(unit) == .taken)
    var other = claims(exampleHolder(1, host: "n2", job: "17_1"))
    #expect(try other.take(unit) == .held(.unknown))
    var after = claims(exampleHolder(0, host: "n2", process: 2, job: "17_0"))
    #expect(try after.take(unit) == .taken)
  }

  @Test("A folder that can't be written is said so")
  func unwritable() throws {
    try folder.write("a file", to: "run")
    var claims = claims(exampleHolder())
    let error = try #require(throws: LaunchingError.self) { try claims.take(unit) }
    #expect(error.description.contains("run/claims"))
  }
}
