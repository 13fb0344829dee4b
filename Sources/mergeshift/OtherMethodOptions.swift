import ArgumentParser
import Configuration

/// An option of a method as a plan names it, `NAME=VALUE` on the command line.
struct MethodOption: ExpressibleByArgument {
  let name: String
  let value: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
      return nil
    }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}

/// The options of a method that have no flag of their own: `mergeshift list methods` shows them all.
struct OtherMethodOptions: ParsableArguments {
  @Option(
    help: "NAME=VALUE, an option of the method as in a plan; may be repeated. See list methods.")
  var option: [MethodOption] = []

  var node: YAMLNode { Self.node(option.map { ($0.name, $0.value) }) }

  static func node(_ options: [(key: String, value: String)]) -> YAMLNode {
    YAMLNode(
      .mapping(
        options.map { key, value in
          YAMLNode.Entry(key: key, line: 1, value: YAMLNode(.scalar(value, quoted: false), line: 1))
        }), line: 1)
  }

  static func refuseRepetitions(_ names: [String]) throws {
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw ValidationError("the option '\(name)' is given twice")
    }
  }
}
