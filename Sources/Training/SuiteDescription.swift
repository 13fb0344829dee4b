public import Datasets
internal import Foundation
internal import TensorCore

/// The `suite.yaml` of a trained suite, which names its models, heads and test images for
/// evaluation.
public struct SuiteDescription: Sendable {
  public let name: String
  /// What results call the model.
  public let backbone: String
  /// The tasks and their test images; relative paths start at the suite's folder.
  public let tasks: [(name: String, images: DatasetSource)]

  public init(name: String, backbone: String, tasks: [(name: String, images: DatasetSource)]) {
    self.name = name
    self.backbone = backbone
    self.tasks = tasks
  }

  /// The text of the file.
  public var yaml: String {
    var lines = [
      "name: \(quoted(name))", "backbone: \(quoted(backbone))", "base: models/base", "tasks:",
    ]
    for task in tasks {
      lines += [
        "  - name: \(quoted(task.name))",
        "    images: \(quoted(task.images.path))",
      ]
      if let layout = task.images.layout { lines.append("    layout: \(layout.rawValue)") }
      if let split = task.images.split { lines.append("    split: \(split.rawValue)") }
      if let classes = task.images.classes {
        lines.append("    classes: [\(classes.map(quoted).joined(separator: ", "))]")
      }
      lines += [
        "    expert: \(quoted("models/experts/\(task.name)"))",
        "    head: \(quoted("heads/\(task.name).safetensors"))",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  public func write(to folder: TrainingFolder) throws(TrainingError) {
    let path = "\(folder.path)/suite.yaml"
    try folder.createFolder(of: path)
    do {
      try Data(yaml.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .file(path: path, reason: "can't be written (\(FileReason.of(error)))")
    }
  }

  /// As it is if YAML reads it so, else in single quotes.
  private func quoted(_ text: String) -> String {
    let isPlain =
      text.first?.isLetter == true
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
      && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    return isPlain ? text : "'\(text.replacing("'", with: "''"))'"
  }
}
