import ArgumentParser
import Corruptions
import Foundation

/// `mergeshift corruptions new`: a recipe to start from.
struct CorruptionsNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a recipe with comments to start from; it can be used at once.")

  @Argument(help: "The new corruption's name: letters, digits, _ and -.")
  var name: String

  @Option(name: .shortAndLong, help: "The folder that gets NAME.yaml.")
  var output = "."

  func validate() throws {
    let isPlain = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
    guard isPlain, !name.isEmpty, !name.hasPrefix("-") else {
      throw ValidationError("NAME: '\(name)' is not made of letters, digits, _ and -")
    }
    guard !["all", "clean"].contains(name) else {
      throw ValidationError("NAME: '\(name)' has a meaning of its own; take another name")
    }
  }

  func run() throws {
    try CommandFailure.reporting {
      let file = "\(output)/\(name).yaml"
      guard !FileManager.default.fileExists(atPath: file) else {
        throw CommandFailure.input("\(file): is there already; take another name or folder")
      }
      try OutputImage.write(Array(Self.skeleton(name).utf8), to: file)
      print(file)
      print("mergeshift corruptions check \(name) --recipes \(output)")
      print("mergeshift corruptions preview \(name) --recipes \(output) --output \(name).png")
    }
  }

  /// A recipe that loads, with a comment on every key.
  static func skeleton(_ name: String) -> String {
    """
    # The corruption \(name): corruptions/README.md describes the format and the primitives.
    # The group that it is listed in: noise, blur, weather, digital or one of your own.
    family: ours
    # One line on what it does.
    summary: less contrast and a little noise
    # Where algorithm and constants come from.
    source: ours
    # Steps, one after another. $factor stands for the row `factor` of the table below; parameters
    # that do not change with the severity are written here.
    pipeline:
      - op: contrast
        factor: $factor
      - op: gaussian_noise
        sigma: .02
    # Another recipe can be a step, at the same severity unless the step has one of its own:
    #  - {op: recipe, name: jpeg_compression}
    # A program can be one too, see the README:
    #  - {op: exec, command: [./program.py]}
    # For each row five values, for severities 1 (mild) to 5.
    severities:
      factor: [.8, .65, .5, .4, .3]
    # Severities between are interpolated; below 1 towards the value that changes nothing.
    interpolation:
      factor: {identity: 1}

    """
  }
}
