import ArgumentParser

/// A path with the name of its task, `NAME=PATH` on the command line.
struct NamedPath: ExpressibleByArgument {
  let name: String
  let path: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex,
      argument.index(after: equals) != argument.endIndex
    else { return nil }
    name = String(argument[..<equals])
    path = String(argument[argument.index(after: equals)...])
  }
}
