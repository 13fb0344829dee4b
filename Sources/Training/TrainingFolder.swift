internal import Foundation
internal import TensorCore

/// Where a training puts its results: the layout of a suite.
public struct TrainingFolder: Sendable, Hashable {
  public let path: String

  public init(_ path: String) {
    self.path = path
  }

  /// The checkpoint folder of the base model.
  public var base: String { "\(path)/models/base" }
  /// The checkpoint folder of a task's expert.
  public func expert(_ task: String) -> String { "\(path)/models/experts/\(task)" }
  /// The safetensors file of a task's head.
  public func head(_ task: String) -> String { "\(path)/heads/\(task).safetensors" }
  /// The record of what was trained, how and how well.
  public var record: String { "\(path)/training.json" }

  /// Where an unfinished stage keeps its state.
  func resumption(_ stage: String) -> String {
    let name = stage.split(separator: "/").joined(separator: "-")
    return "\(path)/.unfinished/\(name).safetensors"
  }

  /// Removes the states of unfinished stages.
  func removeResumption(_ stage: String) {
    try? FileManager.default.removeItem(atPath: resumption(stage))
    let folder = "\(path)/.unfinished"
    if (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty == true {
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  func hasCheckpoint(_ folder: String) -> Bool {
    exists("\(folder)/model.safetensors") && exists("\(folder)/config.json")
  }

  func createFolder(of file: String) throws(TrainingError) {
    let folder = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .file(path: folder, reason: "can't be made (\(FileReason.of(error)))")
    }
  }
}
