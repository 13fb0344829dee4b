package import Foundation

/// Makes PNG files of SVG ones by `rsvg-convert` of librsvg.
public struct PNGConverter: Sendable {
  /// What to do where it is missing.
  public static let installHint =
    "no PNG files: rsvg-convert is not installed (Debian: apt-get install librsvg2-bin "
    + "fonts-dejavu-core; macOS: brew install librsvg)"

  private let executable: URL

  /// - Parameter searchPath: folders with colons between them, as `PATH` has them.
  /// - Returns: nil if none of them holds `rsvg-convert`.
  public init?(searchPath: String) {
    let found = searchPath.split(separator: ":").lazy
      .map {
        URL(filePath: String($0), directoryHint: .isDirectory).appending(path: "rsvg-convert")
      }
      .first { FileManager.default.isExecutableFile(atPath: $0.path(percentEncoded: false)) }
    guard let found else { return nil }
    executable = found
  }

  /// The PNG of the SVG file `path`, at twice its size.
  package func png(of path: String) throws(ReportError) -> Data {
    let process = Process()
    process.executableURL = executable
    process.arguments = ["--zoom", "2", path]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    let (png, message): (Data, Data)
    do {
      try process.run()
      // What it may have to complain of is far less than a pipe holds.
      png = try output.fileHandleForReading.readToEnd() ?? Data()
      message = try errors.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
    } catch {
      throw .unreadable(path: path, reason: "rsvg-convert: \(error.localizedDescription)")
    }
    guard process.terminationStatus == 0 else {
      let reason = String(decoding: message, as: UTF8.self).split(separator: "\n").first ?? ""
      throw .unreadable(path: path, reason: "rsvg-convert: \(reason)")
    }
    return png
  }
}
