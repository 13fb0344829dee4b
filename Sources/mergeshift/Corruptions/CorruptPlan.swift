import Corruptions
import Foundation
import TensorCore

/// Which images are read, how they are corrupted and where the copies go, made up before anything
/// is written.
struct CorruptPlan: Sendable {
  struct Output: Sendable {
    /// Whole, or below the folder that the command was given.
    let path: String
    /// Below that folder, as the manifest names it; nil for a single file.
    let name: String?
    let severity: Double
  }

  /// One image under one corruption: it is decoded once for all severities.
  struct Item: Sendable {
    let source: SourceImages.Item
    let corruption: Corruption
    var outputs: [Output]
  }

  var items: [Item]
  let format: OutputImage.Format
  /// The folder that the copies go to, which gets a manifest; nil for a single file.
  let folder: String?

  /// - Parameters:
  ///   - output: a file for one image under one corruption at one severity, else a folder.
  ///   - format: nil for that of the file's ending, or PNG in a folder.
  ///   - isFlat: whether a folder's tree is copied as it is, without folders for corruption and
  ///     severity.
  init(
    _ sources: SourceImages, input: String, output: String, corruptions: [Corruption],
    severities: [Double], format: OutputImage.Format?, isFlat: Bool
  ) throws {
    let isSingle = corruptions.count == 1 && severities.count == 1
    if isFlat, !isSingle {
      throw CommandFailure.input("--flat: has room for one corruption at one severity")
    }
    guard sources.isFolder || !isSingle || SourceImages.isFolder(output) == true else {
      self = try Self(
        file: sources.items[0], to: output, corruptions[0], severities[0], format: format)
      return
    }
    if SourceImages.isFolder(input) == true { try Self.refuseNesting(of: output, in: input) }
    if SourceImages.isFolder(output) == false {
      throw CommandFailure.input("\(output): is a file; give a folder")
    }
    self.format = format ?? .png
    folder = output
    items = []
    var taken: [String: String] = [:]
    for source in sources.items {
      let copy =
        source.archiveFolder == nil
        ? Self.copy(of: source.sample, as: self.format) : source.sample
      if let other = taken.updateValue(source.sample, forKey: copy) {
        throw CommandFailure.input(
          "\(source.path): its copy would be that of \(other); rename one of the two")
      }
      for corruption in corruptions {
        let outputs = severities.map { severity in
          let severityName = Severity.text(of: severity)
          let name = isFlat ? copy : "\(corruption.name)/\(severityName)/\(copy)"
          return Output(path: "\(output)/\(name)", name: name, severity: severity)
        }
        items.append(Item(source: source, corruption: corruption, outputs: outputs))
      }
    }
  }

  private init(
    file: SourceImages.Item, to output: String, _ corruption: Corruption, _ severity: Double,
    format: OutputImage.Format?
  ) throws {
    let ending = URL(filePath: output).pathExtension
    guard let format = format ?? OutputImage.Format(fileExtension: ending) else {
      throw CommandFailure.input(
        "\(output): the extension '\(ending)' is of no format that is written; "
          + "use .png or .jpg, or --format")
    }
    self.format = format
    folder = nil
    items = [
      Item(
        source: file, corruption: corruption,
        outputs: [Output(path: output, name: nil, severity: severity)])
    ]
  }

  /// What the outputs are.
  var noun: String {
    items.contains { $0.source.archiveFolder != nil } ? "files" : "images"
  }

  var outputCount: Int { items.reduce(0) { $0 + $1.outputs.count } }

  /// An image keeps its name if that is of the format, so that lists of file names still hold.
  static func copy(of name: String, as format: OutputImage.Format) -> String {
    let ending = URL(filePath: name).pathExtension
    if OutputImage.Format(fileExtension: ending) == format { return name }
    return "\(name.dropLast(ending.count + 1)).\(format.fileExtension)"
  }

  private static func refuseNesting(of output: String, in input: String) throws {
    let source = URL(filePath: input).standardizedFileURL.path(percentEncoded: false)
    let target = URL(filePath: output).standardizedFileURL.path(percentEncoded: false)
    let root = source.hasSuffix("/") ? source : source + "/"
    guard !(target + "/").hasPrefix(root) else {
      throw CommandFailure.input(
        "\(output): lies in the folder that is read; give a folder beside it")
    }
  }
}
