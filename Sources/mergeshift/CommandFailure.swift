import ArgumentParser
import Foundation
import Inputs

/// Why a command ends with a code other than 0; its text has been printed by the time it is thrown
/// as an `ExitCode`.
enum CommandFailure: Error, CustomStringConvertible {
  /// A plan, recipe, image or checkpoint that can't be used: exit code 2.
  case input(String)
  /// Some cells failed, each with its reason recorded: exit code 1.
  case cellsFailed(Int, of: Int)
  /// What was checked is not as it should be: exit code 1.
  case checkFailed(String)

  var description: String {
    switch self {
    case .input(let message), .checkFailed(let message): message
    case .cellsFailed(let failed, let total):
      "\(failed) of \(total) cells failed; their rows in the CSV hold the reasons"
    }
  }

  var exitCode: ExitCode {
    switch self {
    case .input: ExitCode(2)
    case .cellsFailed, .checkFailed: ExitCode(1)
    }
  }

  /// The text of the file at `path`, with U+FFFD for what is not UTF-8.
  static func text(of path: String) throws -> String {
    do {
      return String(decoding: try InputFile.bytes(path, limit: .textBytes), as: UTF8.self)
    } catch {
      throw input("\(path): can't be read: \(error)")
    }
  }

  /// Runs a command's work; an error of the work is printed on standard error as one message and
  /// becomes the exit code of its kind.
  static func reporting<Value>(_ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let exit as ExitCode {
      throw exit
    } catch let validation as ValidationError {
      throw validation
    } catch {
      report(error)
      throw code(of: error)
    }
  }

  /// Writes an error's message to standard error. It may quote a foreign file: what would steer a
  /// terminal is shown by its number.
  ///
  /// - Parameter rank: the one of several that found it.
  static func report(_ error: any Error, rank: Int? = nil) {
    let place = rank.map { "rank \($0): " } ?? ""
    StandardError.write("error: \(place)\(printable("\(error)"))\n")
  }

  /// The exit code of an error's kind.
  static func code(of error: any Error) -> ExitCode {
    (error as? CommandFailure)?.exitCode ?? ExitCode(2)
  }

  /// The text with control characters other than line breaks, and those that turn the direction of
  /// writing, as `\u{1b}`.
  static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isSafe =
        scalar == "\n"
        || ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
          scalar.properties.generalCategory)
      if isSafe {
        result.append(scalar)
      } else {
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      }
    }
    return String(result)
  }
}
