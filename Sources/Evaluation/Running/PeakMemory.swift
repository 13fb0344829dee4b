internal import Foundation

/// The most memory that the process held at a time.
enum PeakMemory {
  /// Starts anew from what is held now, where the system can (Linux); elsewhere the peak stays that of
  /// the whole process.
  static func reset() {
    try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
  }

  /// In bytes.
  static var bytes: Int {
    if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).compactMap({ Int($0) }).first
    {
      return kibibytes * 1024
    }
    var usage = rusage()
    #if canImport(Darwin)
      unsafe getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #elseif canImport(Musl)
      unsafe getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss * 1024
    #else
      unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
      return usage.ru_maxrss * 1024
    #endif
  }
}
