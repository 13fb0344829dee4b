internal import Foundation
internal import Imaging
internal import TensorCore
internal import Training

/// Writes a task's test images as real image files, `images/<task>/test/<class>/<number>.png` or
/// `.jpg`.
struct FixtureWriter: Sendable {
  let folder: String
  let recipe: SuiteRecipe

  /// Where a task's test images lie, below the suite's folder.
  static func testFolder(_ task: String) -> String { "images/\(task)/test" }

  /// Renders, encodes and writes the test images of a task on all cores, in place of those that an
  /// earlier build left.
  func write(_ task: any SuiteTask.Type) throws(SuiteBuildError) {
    let classNames = task.classNames
    let perClass = max(1, recipe.testImages / classNames.count)
    let folder = "\(folder)/\(Self.testFolder(task.name))"
    if FileManager.default.fileExists(atPath: folder) {
      do {
        try FileManager.default.removeItem(atPath: folder)
      } catch {
        throw .file(path: folder, reason: FileReason.of(error))
      }
    }
    for name in classNames {
      let path = "\(folder)/\(name)"
      do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      } catch {
        throw .file(path: path, reason: FileReason.of(error))
      }
    }
    _ = try Parallel.map(classNames.count * perClass) { place throws(SuiteBuildError) in
      try write(task, classIndex: place / perClass, number: place % perClass)
    }
  }

  private func write(
    _ task: any SuiteTask.Type, classIndex: Int, number: Int
  ) throws(SuiteBuildError) {
    let image = SuiteRenderer.image(
      task: task, split: .test, classIndex: classIndex, index: number,
      seed: recipe.training.seed)
    // Neighbouring classes begin with different formats, so that no class has more of one.
    let isPNG = (number + classIndex) % recipe.pngInterval == 0
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    let path =
      "\(folder)/\(Self.testFolder(task.name))/\(task.classNames[classIndex])/\(name)"
      + (isPNG ? ".png" : ".jpg")
    let bytes: [UInt8]
    do {
      bytes =
        isPNG
        ? try PNGCodec.encode(image)
        : try JPEGCodec.encode(image, quality: recipe.jpegQuality)
    } catch {
      throw .image(path: path, reason: "\(error)")
    }
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .file(path: path, reason: FileReason.of(error))
    }
  }
}
