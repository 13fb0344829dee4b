public import Imaging
public import TensorCore

/// One of the embedded suite's classification tasks: images of its classes, rendered on demand.
public protocol SuiteTask: Sendable {
  /// As folders and reports write it, such as `house-numbers`.
  static var name: String { get }
  /// In label order; usable as folder names.
  static var classNames: [String] { get }
  /// Whether an image seen in a mirror is an image of the same class, so that training may flip.
  static var isMirrorInvariant: Bool { get }
  /// Renders one image of `SuiteRenderer.side` pixels squared; every draw comes from `random`.
  static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage
}

/// The sets of images of a task, no image in both.
public enum SuiteSplit: String, Sendable, CaseIterable {
  case train
  case test
}

/// Renders the images of the embedded suite.
public enum SuiteRenderer {
  /// The width and height of every image, in pixels.
  public static let side = 64

  /// Image number `index` of a class: a function of the arguments alone, whatever was rendered
  /// before.
  ///
  /// - Parameter index: from 0; there is no last one.
  public static func image(
    task: any SuiteTask.Type, split: SuiteSplit, classIndex: Int, index: Int, seed: UInt64
  ) -> PixelImage {
    precondition(task.classNames.indices.contains(classIndex), "a class of \(task.name)")
    var random = KeyedRandom(
      seed: seed, task.name, split.rawValue, task.classNames[classIndex], String(index))
    return task.render(classIndex: classIndex, random: &random)
  }
}
