import ArgumentParser
import Foundation

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
      print(error)
      throw code(of: error)
    }
  }

  /// Prints an error as one message on standard error.
  ///
  /// - Parameter rank: the one of several that found it.
  static func print(_ error: any Error, rank: Int? = nil) {
    let place = rank.map { "rank \($0): " } ?? ""
    StandardError.write("error: \(place)\(error)\n")
  }

  /// The exit code of an error's kind.
  static func code(of error: any Error) -> ExitCode {
    (error as? CommandFailure)?.exitCode ?? ExitCode(2)
  }
}
