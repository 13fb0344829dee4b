import ArgumentParser
import Merging

/// `mergeshift list methods`: what merges, and what it can be told.
struct ListMethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract: "List the merging methods with their options.")

  func run() {
    let width = MethodCatalog.names.map(\.count).max()! + 2
    for entry in MethodCatalog.all {
      let padding = String(repeating: " ", count: width - entry.name.count)
      print(entry.name + padding + entry.summary)
      if !entry.options.isEmpty {
        print(String(repeating: " ", count: width) + "options: \(entry.options)")
      }
    }
  }
}
