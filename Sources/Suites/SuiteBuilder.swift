internal import Datasets
internal import Foundation
public import Training

/// Makes a whole suite from a seed: renders its test images, trains its base model, heads and
/// experts, and writes their checksums. Resumable; what is done is not done again.
public struct SuiteBuilder: Sendable {
  public let recipe: SuiteRecipe
  public let folder: TrainingFolder
  public let tasks: [any SuiteTask.Type]

  /// - Parameter tasks: all of the catalogue unless given.
  public init(
    recipe: SuiteRecipe, output: String, tasks: [any SuiteTask.Type] = SuiteCatalog.all
  ) {
    self.recipe = recipe
    folder = TrainingFolder(output)
    self.tasks = tasks
  }

  /// What a build tells while it runs.
  public enum Event: Sendable {
    case wroteTestImages(task: String)
    case rendered(task: String, trainingImages: Int)
    case training(TrainingEvent)
  }

  /// Builds what is not there yet.
  ///
  /// - Returns: the training's record, with the accuracies on the validation images.
  @discardableResult
  public func build(
    observe: (Event) -> Void = { _ in }
  ) throws(SuiteBuildError) -> TrainingRecord {
    let writer = FixtureWriter(folder: folder.path, recipe: recipe)
    for task in tasks {
      try writer.write(task)
      observe(.wroteTestImages(task: task.name))
    }
    let training = tasks.map { task in
      let result = Self.trainingTask(task, recipe: recipe)
      observe(.rendered(task: task.name, trainingImages: recipe.trainingImages))
      return result
    }
    let record: TrainingRecord
    do throws(TrainingError) {
      try SuiteDescription(
        name: "embedded", backbone: "vit-mini",
        tasks: tasks.map { ($0.name, DatasetSource(FixtureWriter.testFolder($0.name))) }
      ).write(to: folder)
      record = try TrainingPipeline(tasks: training, settings: recipe.training, folder: folder)
        .run { observe(.training($0)) }
    } catch {
      throw .training("\(error)")
    }
    try SuiteChecksums.write(folder: folder.path)
    return record
  }

  /// A task's images in memory; validation images come after the training images.
  public static func trainingTask(
    _ task: any SuiteTask.Type, recipe: SuiteRecipe
  ) -> TrainingTask {
    let seed = recipe.training.seed
    let train = RenderedDataset(
      task: task, seed: seed, firstNumber: 0, count: recipe.trainingImages)
    let validation = RenderedDataset(
      task: task, seed: seed, firstNumber: train.numbersPerClass, count: recipe.validationImages)
    return TrainingTask(
      name: task.name, train: PooledDataset(train), validation: PooledDataset(validation),
      augmentation: Augmentation(flipsHorizontally: task.isMirrorInvariant))
  }
}
