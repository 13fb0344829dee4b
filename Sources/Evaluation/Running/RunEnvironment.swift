/// What the results of a run say of the program and the machine that made them.
public struct RunEnvironment: Sendable {
  /// Part of every cell's key: another version computes its cells anew.
  public let codeVersion: String
  public let blas: String
  public let cpuPath: String

  public init(codeVersion: String, blas: String, cpuPath: String) {
    self.codeVersion = codeVersion
    self.blas = blas
    self.cpuPath = cpuPath
  }
}
