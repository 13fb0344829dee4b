internal import Kernels

/// What computes: part of the provenance of results.
public enum ComputeBackend {
  /// What multiplies matrices, with the instructions that it uses on this processor.
  public static var matrixProducts: String { "MergeShift (\(ProductInstructions.fastest))" }
}
