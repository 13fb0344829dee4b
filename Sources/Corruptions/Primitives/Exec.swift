internal import Configuration
internal import Foundation
internal import Imaging
internal import TensorCore

/// Runs a program on the image: raw RGB samples of 8 bits in on its standard input, as many out on
/// its standard output.
struct Exec: CorruptionPrimitive {
  static let name = "exec"
  static let summary = "passes raw 8-bit RGB through a program; needs --allow-exec"

  /// The program and its arguments; `{width}`, `{height}`, `{severity}` and `{seed}` in an argument
  /// stand for the numbers. A program with a slash in its name lies below the recipe's folder, one
  /// without is looked up in PATH.
  let command: [String]
  /// Whether the input begins with the line `WIDTH HEIGHT SEVERITY SEED`.
  let header: Bool
  /// In seconds, for one image.
  let timeLimit: Double
  /// What the program is told.
  let severity: Double
  private let folder: String

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    command = try parameters.strings("command")
    guard command.first?.isEmpty == false else {
      throw parameters.invalid(
        "command", "names no program", remedy: "give [PROGRAM, ARGUMENT, ...]")
    }
    header = try parameters.bool("header", default: true)
    timeLimit = try parameters.double("time_limit", in: 0.01...3600, default: 30)
    severity = try parameters.double(
      "severity", in: Corruption.fractionalSeverityRange, default: 0)
    folder = URL(filePath: parameters.file).deletingLastPathComponent().path(percentEncoded: false)
  }

  /// As the recipe writes it.
  var program: String { command[0] }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom)
    throws(CorruptionError)
  {
    let input = image.pixels
    let numbers = [
      "width": "\(input.width)", "height": "\(input.height)",
      "severity": Severity.text(of: severity), "seed": "\(random.integer(in: 0..<1 << 31))",
    ]
    let line = ["width", "height", "severity", "seed"].map { numbers[$0]! }.joined(separator: " ")
    let run = ProgramRun(
      program: program, path: try path(),
      arguments: command.dropFirst().map { argument in
        numbers.reduce(argument) { $0.replacing("{\($1.key)}", with: $1.value) }
      },
      timeLimit: timeLimit)
    let output = try run.output(
      for: (header ? Array("\(line)\n".utf8) : []) + input.pixels, limit: input.pixels.count)
    guard output.count == input.pixels.count else {
      throw .program(
        program,
        problem: "gave \(output.count) bytes; a \(input.width) x \(input.height) image has "
          + "\(input.pixels.count)")
    }
    image.pixels = PixelImage(width: input.width, height: input.height, pixels: output)
  }

  private func path() throws(CorruptionError) -> String {
    let manager = FileManager.default
    if program.contains("/") {
      let path = program.hasPrefix("/") ? program : "\(folder)/\(program)"
      guard manager.fileExists(atPath: path) else {
        throw .program(program, problem: "can't be started: there is no \(path)")
      }
      guard manager.isExecutableFile(atPath: path) else {
        throw .program(program, problem: "can't be started: \(path) is not executable")
      }
      return path
    }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard
      let path = folders.map({ "\($0)/\(program)" }).first(where: manager.isExecutableFile)
    else {
      throw .program(program, problem: "can't be started: it is in no folder of PATH")
    }
    return path
  }
}
