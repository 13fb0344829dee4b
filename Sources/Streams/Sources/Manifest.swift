internal import Foundation

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
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
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
    return LabeledImages(
      images: ImageDataset(name: name, samples: rows.map(\.sample)),
      labels: Labels(
        classNames: classNames,
        classIndices: Dictionary(
          uniqueKeysWithValues: rows.map { ($0.sample.id, places[$0.label]!) })))
  }
}

/// RFC 4180: fields apart by commas, quoted where they hold commas, quotes (doubled) or line
/// breaks; lines end with LF or CRLF; empty lines and a byte order mark are left out.
package enum CSVReader {
  package struct Record: Equatable {
    package let line: Int
    package var fields: [String]
  }

  package static func records(of text: String, path: String) throws(StreamError) -> [Record] {
    let bytes = Array(
      text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? text.utf8.dropFirst(3) : text.utf8[...])
    var records: [Record] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var (position, line, firstLine) = (0, 1, 1)
    var wasQuoted = false

    func endRecord() {
      fields.append(String(decoding: field, as: UTF8.self))
      if fields.count > 1 || !fields[0].isEmpty || wasQuoted {
        records.append(Record(line: firstLine, fields: fields))
      }
      (fields, field, wasQuoted) = ([], [], false)
    }

    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: ","):
        fields.append(String(decoding: field, as: UTF8.self))
        (field, wasQuoted) = ([], false)
      case UInt8(ascii: "\n"):
        if field.last == UInt8(ascii: "\r") { field.removeLast() }
        endRecord()
        line += 1
        firstLine = line
      case UInt8(ascii: "\""):
        guard field.isEmpty, !wasQuoted else {
          throw .malformedManifest(
            path: path, line: line, problem: "a quote inside a field that does not begin with one")
        }
        wasQuoted = true
        let opened = line
        while true {
          position += 1
          guard position < bytes.count else {
            throw .malformedManifest(path: path, line: opened, problem: "a quote is not closed")
          }
          if bytes[position] == UInt8(ascii: "\"") {
            guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") else {
              break
            }
            position += 1
          } else if bytes[position] == UInt8(ascii: "\n") {
            line += 1
          }
          field.append(bytes[position])
        }
      case let byte:
        guard !wasQuoted || byte == UInt8(ascii: "\r") else {
          throw .malformedManifest(
            path: path, line: line, problem: "text after a field's closing quote")
        }
        field.append(byte)
      }
      position += 1
    }
    if !field.isEmpty || !fields.isEmpty || wasQuoted { endRecord() }
    return records
  }
}
