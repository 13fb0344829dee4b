internal import Foundation
internal import Inputs
internal import TensorCore

/// What `training.json` in the output folder says: what was trained, how, and how well.
public struct TrainingRecord: Sendable, Codable, Equatable {
  /// One task's data.
  public struct Task: Sendable, Codable, Equatable {
    public let name: String
    public let classNames: [String]
    public let trainingImages: Int
    public let validationImages: Int
    public let augmentation: Augmentation
    /// XXH3-128 over the training images and labels, after preprocessing.
    public let contentHash: String
  }

  /// One finished stage.
  public struct Stage: Sendable, Codable, Equatable {
    public let name: String
    /// Wall-clock, without the time of interrupted runs before the last resumption.
    public let seconds: Double
  }

  /// Accuracies on one task's validation split; of tasks that have one.
  public struct Accuracy: Sendable, Codable, Equatable {
    public let task: String
    public let base: Double
    public let expert: Double
    /// The base plus 0.3 times the sum of all task vectors (Ilharco 2023).
    public let taskArithmetic: Double
  }

  public let settings: TrainingSettings
  public let tasks: [Task]
  public internal(set) var stages: [Stage] = []
  public internal(set) var validation: [Accuracy] = []

  init(settings: TrainingSettings, tasks: [TrainingTask]) {
    self.settings = settings
    self.tasks = tasks.map { task in
      Task(
        name: task.name, classNames: task.classNames, trainingImages: task.train.count,
        validationImages: task.validation.count, augmentation: task.augmentation,
        contentHash: "\(task.train.contentHash)")
    }
  }

  /// Names the training: settings and data, not what came out.
  var fingerprint: String {
    get throws(TrainingError) {
      var begun = self
      begun.stages = []
      begun.validation = []
      return "\(ContentHash(of: Array(try begun.encoded())))"
    }
  }

  static func load(_ path: String) throws(TrainingError) -> TrainingRecord {
    do {
      return try JSONDecoder().decode(
        Self.self, from: Data(InputFile.bytes(path, limit: .textBytes)))
    } catch {
      throw .file(path: path, reason: "no record of a training (\(error))")
    }
  }

  func write(to path: String) throws(TrainingError) {
    let data = try encoded()
    do {
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .file(path: path, reason: "can't be written (\(FileReason.of(error)))")
    }
  }

  private func encoded() throws(TrainingError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(self) + Data("\n".utf8)
    } catch {
      throw .file(path: "training.json", reason: "\(error)")
    }
  }
}
