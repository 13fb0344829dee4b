internal import Foundation
internal import Inputs

/// A CSV file that lists images and their classes: a header with the columns `path` and `label`,
/// then one image a line. Other columns are left out. A relative path starts at the manifest's
/// folder.
public enum Manifest {
  /// The images in the manifest's order; classes in byte order of their names.
  ///
  /// - Parameter name: the task's name, the first part of the sample ids.
  public static func load(_ path: String, name: String) throws(StreamError) -> LabeledImages {
    let text: String
    do {
      text = try InputFile.text(path, limit: .textBytes)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let records = try CSVReader.records(of: text, path: path)
    guard let header = records.first,
      let pathColumn = header.fields.firstIndex(of: "path"),
      let labelColumn = header.fields.firstIndex(of: "label")
    else {
      throw .malformedManifest(
        path: path, line: 1, problem: "the first line has to name the columns 'path' and 'label'")
    }
    var builder = LabeledImages.Builder(name: name)
    // Classes in the order in which they come.
    var found: [String: Int] = [:]
    for record in records.dropFirst() {
      guard record.fields.count == header.fields.count else {
        throw .malformedManifest(
          path: path, line: record.line,
          problem: "\(record.fields.count) fields where the header has \(header.fields.count)")
      }
      let (image, label) = (record.fields[pathColumn], record.fields[labelColumn])
      guard !image.isEmpty, !label.isEmpty else {
        throw .malformedManifest(
          path: path, line: record.line, problem: "the path or the label is empty")
      }
      let location = image.hasPrefix("/") ? image : folder + image
      guard FileManager.default.fileExists(atPath: location) else {
        throw .missingImage(manifest: path, line: record.line, path: location)
      }
      let classIndex = found[label] ?? found.count
      found[label] = classIndex
      let sample = Sample(id: SampleID("\(name)/\(image)"), path: location)
      guard builder.append(sample, classIndex: classIndex) else {
        throw .repeatedSample(manifest: path, line: record.line, path: image)
      }
    }
    guard builder.count > 0 else { throw .noImages(path) }
    let classNames = found.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var places = Array(repeating: 0, count: classNames.count)
    for (place, className) in classNames.enumerated() { places[found[className]!] = place }
    let loaded = builder.labeled(classNames, places: places)
    try loaded.checkClasses(source: path)
    return loaded
  }
}
