internal import Kernels

/// What computes: part of the provenance of results.
public enum ComputeBackend {
  /// The matrix library with its version and the processor kernels it chose.
  public static var blas: String { BLASLibrary.description }
}
