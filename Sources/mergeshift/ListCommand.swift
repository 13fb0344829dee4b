import ArgumentParser

/// `mergeshift list`: what there is.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show what there is to choose from.",
    subcommands: [ListCorruptionsCommand.self, ListMethodsCommand.self])
}
