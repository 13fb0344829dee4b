public import Checkpoints
public import TensorCore
public import VisionModels

/// Experts held against their base model before anything is computed: architecture, names, shapes,
/// and whether all values are finite. Everything that is wrong is found, not the first thing.
public enum ExpertComparison {
  /// One thing that keeps models from being merged.
  public struct Mismatch: Equatable, Sendable, CustomStringConvertible {
    public enum Problem: Equatable, Sendable {
      /// A key of the configuration has another value.
      case architecture(base: String, got: String)
      case shape(base: Shape, got: Shape)
      /// The base model has the tensor, the expert does not.
      case missing
      /// The expert has the tensor, the base model does not.
      case unexpected
      /// How many values are NaN or infinite, and where the first is.
      case nonFinite(count: Int, index: Int)
    }

    /// The task of the expert; nil: the base model itself.
    public let expert: String?
    /// The tensor, or the key of the configuration.
    public let name: String
    public let problem: Problem

    package init(expert: String?, _ name: String, _ problem: Problem) {
      self.expert = expert
      self.name = name
      self.problem = problem
    }

    public var description: String {
      let model = expert.map { "the expert of '\($0)'" } ?? "the base model"
      return switch problem {
      case .architecture(let base, let got):
        "\(model): \(name) is \(got), the base model's \(base)"
      case .shape(let base, let got):
        "\(model): \(name) has shape \(got), the base model's \(base)"
      case .missing: "\(model): \(name) is missing"
      case .unexpected: "\(model): \(name) is not in the base model"
      case .nonFinite(let count, let index):
        "\(model): \(name) holds NaN or infinity at \(count) elements, the first is \(index)"
      }
    }
  }

  /// How an expert's architecture differs from the base model's.
  public static func mismatches(
    of task: String, _ configuration: ViTConfiguration, base: ViTConfiguration
  ) -> [Mismatch] {
    configuration.differences(from: base).map {
      Mismatch(expert: task, $0.key, .architecture(base: $0.base, got: $0.got))
    }
  }

  /// How an expert's parameters don't fit the base model's, and where they are not finite.
  public static func mismatches(
    of task: String, _ parameters: StateDict, base: ParameterLayout
  ) -> [Mismatch] {
    let layout = parameters.layout
    var mismatches: [Mismatch] = []
    if layout != base {
      for entry in base.entries {
        guard let got = layout[entry.name]?.shape else {
          mismatches.append(Mismatch(expert: task, entry.name, .missing))
          continue
        }
        if got != entry.shape {
          mismatches.append(
            Mismatch(expert: task, entry.name, .shape(base: entry.shape, got: got)))
        }
      }
      for entry in layout.entries where base[entry.name] == nil {
        mismatches.append(Mismatch(expert: task, entry.name, .unexpected))
      }
    }
    return mismatches + nonFinite(parameters, of: task)
  }

  /// The tensors that hold NaN or infinity.
  ///
  /// - Parameter task: of the expert; nil: the base model.
  public static func nonFinite(_ parameters: StateDict, of task: String?) -> [Mismatch] {
    parameters.layout.entries.compactMap { entry in
      NonFiniteValues(among: parameters.values.span.extracting(entry.range)).map {
        Mismatch(expert: task, entry.name, .nonFinite(count: $0.count, index: $0.first))
      }
    }
  }
}
