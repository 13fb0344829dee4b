import ArgumentParser
import Inputs

/// The bounds on foreign files, which every command that reads some has.
struct LimitOptions: ParsableArguments {
  @Option(
    name: .customLong("set-limit"),
    help: ArgumentHelp(
      "Set a bound on what is taken from a foreign file; may be repeated.",
      discussion: "The names, with what holds unless they are given, are "
        + Limit.allCases.map { "\($0.rawValue) \($0.standard)" }.joined(separator: ", ")
        + "; SECURITY.md says what they mean.",
      valueName: "name=number"))
  var limits: [LimitArgument] = []

  /// The command line that says the same.
  var arguments: [String] {
    limits.flatMap { ["--set-limit", "\($0.limit.rawValue)=\($0.value)"] }
  }

  /// Arguments are checked once, before anything is read: the limits hold from then on.
  func validate() throws {
    for limit in limits { limit.limit.set(limit.value) }
  }
}

/// `NAME=NUMBER`.
struct LimitArgument: ExpressibleByArgument {
  let limit: Limit
  let value: Int

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let limit = Limit(rawValue: String(parts[0])),
      let value = Int(parts[1]), value > 0
    else { return nil }
    self.limit = limit
    self.value = value
  }
}
