/// What a number was made by and from.
public struct Provenance: Codable, Hashable, Sendable {
  /// The version of MergeShift and the hash of the executable, as `0.1.0+89abcdef0123`.
  public let codeVersion: String
  /// Of the corruption's recipe; nil for clean images.
  public let recipeHash: String?
  /// Of the base model, the experts and the heads.
  public let weightsHash: String
  /// Of the image files and their labels.
  public let dataHash: String
  public let seed: UInt64
  /// Name and version of the matrix library.
  public let blas: String
  /// The instruction set that the kernels took, as `x86-64-v3`.
  public let cpuPath: String
  public let threads: Int

  public init(
    codeVersion: String, recipeHash: String?, weightsHash: String, dataHash: String, seed: UInt64,
    blas: String, cpuPath: String, threads: Int
  ) {
    self.codeVersion = codeVersion
    self.recipeHash = recipeHash
    self.weightsHash = weightsHash
    self.dataHash = dataHash
    self.seed = seed
    self.blas = blas
    self.cpuPath = cpuPath
    self.threads = threads
  }
}
