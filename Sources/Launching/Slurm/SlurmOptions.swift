/// What `sbatch` is told of a job array besides its size.
public struct SlurmOptions: Hashable, Sendable {
  public var partition: String?
  /// As Slurm writes it: `2-12:00:00`.
  public var time: String?
  /// Of a node: `16G`.
  public var memory: String?
  public var cpusPerTask: Int?
  public var gres: String?
  public var account: String?
  public var qos: String?
  public var constraint: String?
  /// The most tasks of the array that run at a time.
  public var arrayLimit: Int?
  /// Further options, each as it would stand on sbatch's command line: `--nice=10`.
  public var others: [String] = []

  public init() {}

  /// The lines of a job script, without `#SBATCH`.
  ///
  /// - Throws: `invalidOption`.
  func directives() throws(LaunchingError) -> [String] {
    let named: [(String, String?)] = [
      ("partition", partition), ("time", time), ("mem", memory),
      ("cpus-per-task", cpusPerTask.map { "\($0)" }), ("gres", gres), ("account", account),
      ("qos", qos), ("constraint", constraint),
    ]
    var lines: [String] = []
    for (name, value) in named {
      guard let value else { continue }
      lines.append(try Self.directive(name, value))
    }
    for other in others {
      guard other.hasPrefix("-"), !other.contains(where: \.isNewline) else {
        throw .invalidOption(
          name: "--sbatch", value: other, remedy: "write options of sbatch, as --nice=10")
      }
      lines.append(other)
    }
    return lines
  }

  /// `--name=value`, in quotes where sbatch would else see several words or a comment.
  static func directive(_ name: String, _ value: String) throws(LaunchingError) -> String {
    guard !value.isEmpty,
      !value.unicodeScalars.contains(where: { $0.value < 32 || "\"\\".unicodeScalars.contains($0) })
    else {
      throw .invalidOption(
        name: "--\(name)", value: value,
        remedy: "leave out quotes, backslashes and line breaks")
    }
    let needsQuotes = value.contains { $0 == " " || $0 == "#" || $0 == "'" }
    return "--\(name)=" + (needsQuotes ? "\"\(value)\"" : value)
  }
}
