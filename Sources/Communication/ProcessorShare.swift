internal import Foundation

/// How the ranks on one machine share its processors.
package enum ProcessorShare {
  /// How many processors this process can keep busy beside the others on its machine, at least 1.
  ///
  /// - Parameter sumOnMachine: replaces values by their sums over those processes, collectively.
  package static func own(_ sumOnMachine: (inout [Double]) -> Void) -> Int {
    let allowed = allowed()
    var users = [Double](repeating: 0, count: mostProcessors)
    for processor in allowed { users[processor] = 1 }
    sumOnMachine(&users)
    return share(of: allowed, users: users)
  }

  /// The processors of a process, each divided by its users: whether a launcher binds every rank to
  /// its own or lets all run everywhere, no processor gets more threads than one.
  ///
  /// - Parameters:
  ///   - allowed: the numbers of those that it may run on.
  ///   - users: how many processes may run on each processor.
  package static func share(of allowed: [Int], users: [Double]) -> Int {
    max(1, Int(allowed.reduce(0) { $0 + 1 / users[$1] } + 1e-9))
  }

  /// Linux has up to 8192; others are left out.
  private static let mostProcessors = 8192

  /// The numbers of the processors that this process may run on.
  private static func allowed() -> [Int] {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    return status.flatMap(allowed(inStatus:))
      // Not Linux: nobody binds a process there.
      ?? Array(0..<min(mostProcessors, ProcessInfo.processInfo.activeProcessorCount))
  }

  /// The numbers in the line `Cpus_allowed_list: 0-3,8` of Linux's `/proc/PID/status`; nil without
  /// such a line.
  package static func allowed(inStatus status: String) -> [Int]? {
    guard
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
    else { return nil }
    let numbers = line.drop { $0 != ":" }.dropFirst().split(separator: ",").flatMap { run in
      let ends = run.split(separator: "-").compactMap {
        Int($0.trimmingCharacters(in: .whitespaces))
      }
      return ends.isEmpty ? [] : Array(ends[0]...max(ends[0], ends[ends.count - 1]))
    }.filter { $0 < mostProcessors }
    return numbers.isEmpty ? nil : numbers
  }
}
