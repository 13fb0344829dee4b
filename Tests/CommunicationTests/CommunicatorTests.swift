import Communication
import TestSupport
import Testing

@Suite("Communicator")
struct CommunicatorTests {
  @Test("A process alone is rank 0 of 1, and its sums are its own values")
  func alone() throws {
    let process = SingleProcess()
    var (values, bytes) = ([1.5, 2], [UInt8(3)])
    process.sum(&values)
    process.broadcast(&bytes)
    #expect((process.rank, process.size, process.leads) == (0, 1, true))
    #expect(process.processors >= 1)
    #expect((values, bytes) == ([1.5, 2], [3]))
    #expect(try process.shared("own") == "own")
  }

  @Test("Lists are added up one by one, in a single exchange")
  func lists() throws {
    let outcomes = ThreadCommunicator.run(3) { communicator in
      let rank = Double(communicator.rank)
      var lists = [[rank], [], [10 * rank, 1]]
      communicator.sum(&lists)
      return (lists, communicator.sums)
    }
    for outcome in outcomes {
      let (lists, exchanges) = try outcome.get()
      #expect(lists == [[3], [], [30, 3]])
      #expect(exchanges == [3])
    }
  }

  @Test("Empty lists are not exchanged at all")
  func nothing() throws {
    let outcomes = ThreadCommunicator.run(2) { communicator in
      var lists: [[Double]] = [[], []]
      communicator.sum(&lists)
      return communicator.sums
    }
    for outcome in outcomes { #expect(try outcome.get().isEmpty) }
  }

  @Test("All ranks get rank 0's value, nil as well")
  func shared() throws {
    let outcomes = ThreadCommunicator.run(4) { communicator in
      let text = try communicator.shared(communicator.leads ? "0.1 of rank 0" : "other")
      let number = try communicator.shared(communicator.leads ? 0.1 : nil)
      let nothing: Int? = try communicator.shared(communicator.leads ? nil : communicator.rank)
      return (text, number, nothing)
    }
    for outcome in outcomes {
      let (text, number, nothing) = try outcome.get()
      #expect((text, number) == ("0.1 of rank 0", 0.1))
      #expect(nothing == nil)
    }
  }
}
