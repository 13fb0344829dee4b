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
    var rows: [(sample: Sample, label: String)] = []
    var seen: Set<SampleID> = []
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
      let id = SampleID("\(name)/\(image)")
      guard seen.insert(id).inserted else {
        throw .repeatedSample(manifest: path, line: record.line, path: image)
      }
      rows.append((Sample(id: id, path: location), label))
    }
    guard !rows.isEmpty else { throw .noImages(path) }
    let classNames = Set(rows.map(\.label))
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let places = Dictionary(
      uniqueKeysWithValues: classNames.enumerated().map { ($0.element, $0.offset) })
    let loaded = LabeledImages(
      images: ImageDataset(name: name, samples: rows.map(\.sample)),
      labels: Labels(
        classNames: classNames,
        classIndices: Dictionary(
          uniqueKeysWithValues: rows.map { ($0.sample.id, places[$0.label]!) })))
    try loaded.checkClasses(source: path)
    return loaded
  }
}
