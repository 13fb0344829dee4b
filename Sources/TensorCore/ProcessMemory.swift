internal import CMemory

/// How the process deals with memory that it no longer needs.
public enum ProcessMemory {
  /// Keeps freed memory for the next image instead of giving it back to the system page by page:
  /// with glibc's own settings, filters of a few arrays an image spend half their time on page
  /// faults. For programs to call once, at their start; up to 256 MiB stay with the process.
  public static func keepFreedMemory() {
    // The largest threshold that glibc takes: larger arrays are mapped and given back.
    cm_tune_allocator(32 << 20, 256 << 20, 16 << 20)
  }
}
