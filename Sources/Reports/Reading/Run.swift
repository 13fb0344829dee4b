internal import Foundation

/// What a run folder holds for a report. Only `results.csv` has to be there.
public struct Run: Sendable {
  /// As given by the user.
  public let path: String
  /// How the report calls the run: the folder's name.
  package let name: String
  package let results: [ResultRow]
  package let comparisons: [ComparisonRow]
  package let reliability: [ReliabilityRow]
  package let steps: [StepRow]
  package let coefficients: [CoefficientRow]
  package let gallery: [GalleryImage]

  /// Reads the folders `paths`. Runs of the same name are told apart by the folders above them.
  public static func read(_ paths: [String]) throws(ReportError) -> [Run] {
    let folders = paths.map { URL(filePath: $0, directoryHint: .isDirectory).standardizedFileURL }
    for (index, folder) in folders.enumerated() where folders[..<index].contains(folder) {
      throw .repeatedRun(path: paths[index])
    }
    var depth = 1
    var names: [String]
    repeat {
      names = folders.map { $0.pathComponents.suffix(depth).joined(separator: "/") }
      depth += 1
    } while Set(names).count < names.count
    var runs: [Run] = []
    for (path, name) in zip(paths, names) { runs.append(try Run(path: path, name: name)) }
    return runs
  }

  package init(path: String, name: String) throws(ReportError) {
    self.path = path
    self.name = name
    results = try ResultRow.read(CSVFile(path: "\(path)/results.csv"))
    comparisons = try Self.optional("\(path)/comparisons.csv", ComparisonRow.read)
    reliability = try Self.optional("\(path)/reliability.csv", ReliabilityRow.read)
    steps = try Self.optional("\(path)/steps.csv", StepRow.read)
    coefficients = try Self.optional("\(path)/coefficients.csv", CoefficientRow.read)
    gallery = try GalleryImage.read(folder: "\(path)/gallery")
  }

  private static func optional<Row>(
    _ path: String, _ read: (CSVFile) throws(ReportError) -> [Row]
  ) throws(ReportError) -> [Row] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try read(CSVFile(path: path))
  }
}
