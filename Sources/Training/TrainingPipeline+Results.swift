internal import Checkpoints
internal import Imaging
internal import TensorCore
internal import VisionModels

extension TrainingPipeline {
  /// The accuracies of base, experts and task arithmetic on the validation splits.
  func validate() throws(TrainingError) -> [TrainingRecord.Accuracy] {
    let extraction = FeatureExtraction(encoder: encoder, preprocessing: preprocessing)
    let base = try checkpoint(folder.base, needed: .pretrain)
    var experts: [StateDict] = []
    for task in tasks {
      experts.append(try checkpoint(folder.expert(task.name), needed: .experts))
    }
    var values = base.values
    for expert in experts {
      for (index, pair) in zip(expert.values, base.values).enumerated() {
        values[index] += 0.3 * (pair.0 - pair.1)
      }
    }
    let merged = StateDict(layout: base.layout, values: values)
    var accuracies: [TrainingRecord.Accuracy] = []
    for (task, expert) in zip(tasks, experts) where task.validation.count > 0 {
      let classifier = try classifier(of: task)
      func accuracy(_ parameters: borrowing StateDict) -> Double {
        extraction.accuracy(on: task.validation, parameters: parameters, classifier: classifier)
      }
      accuracies.append(
        .init(
          task: task.name, base: accuracy(base), expert: accuracy(expert),
          taskArithmetic: accuracy(merged)))
    }
    return accuracies
  }

  func write(_ parameters: StateDict, to path: String) throws(TrainingError) {
    do {
      var checkpoint =
        base?.checkpoint
        ?? VisionCheckpoint(configuration: encoder.configuration, parameters: parameters)
      checkpoint.parameters = parameters
      try checkpoint.write(to: path, dtype: storage)
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }

  func checkpoint(
    _ path: String, needed: TrainingStage
  ) throws(TrainingError) -> StateDict {
    guard folder.hasCheckpoint(path) else {
      throw .missingStage(needed: needed.rawValue, path: path)
    }
    do {
      return try VisionCheckpoint.load(directory: path).parameters
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }

  func classifier(of task: TrainingTask) throws(TrainingError) -> CosineClassifier {
    let path = folder.head(task.name)
    guard folder.exists(path) else {
      throw .missingStage(needed: TrainingStage.heads.rawValue, path: path)
    }
    do {
      let head = try ClassificationHead(contentsOf: path)
      guard head.classNames == task.classNames else {
        throw TrainingError.otherSettings(path: path)
      }
      return CosineClassifier(weights: head.weights, scale: head.logitScale)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }
}
