import Communication
import Foundation
import Testing

@Suite("Processors of a rank")
struct ProcessorShareTests {
  @Test(
    "Every processor is shared by those that may run on it; a rank has one at least",
    arguments: [
      // Four ranks that run anywhere; one bound to a core; halves; more ranks than processors.
      (Array(0..<16), [Double](repeating: 4, count: 16), 4),
      ([2], [1, 1, 1, 1], 1),
      (Array(0..<8), [Double](repeating: 1, count: 16), 8),
      ([0, 1], [8, 8], 1),
      // Three processors alone, one with another rank, whose half is no thread.
      ([0, 1, 2, 3], [1, 1, 1, 2], 3),
      // Thirds add up to whole ones in spite of rounding.
      ([0, 1, 2], [3, 3, 3], 1), (Array(0..<9), [Double](repeating: 3, count: 9), 3),
    ])
  func share(allowed: [Int], users: [Double], threads: Int) {
    #expect(ProcessorShare.share(of: allowed, users: users) == threads)
  }

  @Test(
    "Linux's list of processors",
    arguments: [("0", [0]), ("0-3", [0, 1, 2, 3]), ("0-1,4,6-7", [0, 1, 4, 6, 7])])
  func list(text: String, numbers: [Int]) {
    let status = "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t\(text)\nMems_allowed:\t1\n"
    #expect(ProcessorShare.allowed(inStatus: status) == numbers)
  }

  @Test("No list is no answer", arguments: ["Name:\tx\n", "Cpus_allowed_list:\t\n", ""])
  func noList(status: String) {
    #expect(ProcessorShare.allowed(inStatus: status) == nil)
  }

  @Test("Two processes that run where this one does have half as many")
  func own() {
    let alone = ProcessorShare.own { _ in }
    #expect(alone == ProcessInfo.processInfo.activeProcessorCount)
    let shared = ProcessorShare.own { for index in $0.indices { $0[index] *= 2 } }
    #expect(shared == max(1, alone / 2))
  }
}
