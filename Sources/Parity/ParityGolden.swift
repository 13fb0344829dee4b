internal import Foundation
internal import Inputs
internal import Merging
internal import VisionModels

/// A parity set's `golden.json`: how its models were made and adapted. Keys that tell how the
/// reference itself was checked are left aside.
struct ParityGolden: Decodable, Sendable {
  /// What holds for all cases.
  struct Setup: Decodable, Sendable {
    /// The number of experts, each of a task of its own.
    let tasks: Int
    let logitScale: Double
    /// The share of entries that TIES keeps.
    let topk: Double
    /// The models' parameters, under the names of Hugging Face's files.
    let tensorNames: [String]
    /// The base model's folder or file; `base` unless told.
    let base: String?
    /// The experts' folders or files; `ft0`, `ft1` and so on unless told.
    let experts: [String]?
    /// Of weights without a `config.json`.
    let hiddenAct: Activation?

    private enum CodingKeys: String, CodingKey {
      case tasks, topk, base, experts
      case logitScale = "logit_scale"
      case tensorNames = "tensor_names"
      case hiddenAct = "hidden_act"
    }
  }

  /// One adaptation of the coefficients.
  struct Case: Decodable, Sendable {
    enum Mode: String, Decodable, Sendable { case task, layer }

    enum Logarithm: String, Decodable, Sendable { case exact, offset }

    let mode: Mode
    let clamp: Bool
    let lambdaInit: Double
    let lr: Double
    let betas: [Double]
    let eps: Double
    let steps: Int
    /// In the order of the rows of layer-wise goldens.
    let mergedTensors: [String]
    /// The share of entries that the task vectors were trimmed to; unless told the set's for the
    /// cases whose names begin with `adamergingpp`.
    let density: Double?
    /// Of the entropy; exact unless told.
    let logarithm: Logarithm?

    private enum CodingKeys: String, CodingKey {
      case mode, clamp, lr, betas, eps, steps, density, logarithm
      case lambdaInit = "lambda_init"
      case mergedTensors = "merged_tensors"
    }
  }

  let setup: Setup
  /// By name, in alphabetical order.
  let cases: [(name: String, golden: Case)]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    setup = try container.decode(Setup.self, forKey: Key("setup"))
    cases = try container.allKeys.map(\.stringValue).sorted().compactMap { name in
      // What has a mode is a case; the other entries speak of the whole set.
      guard let entry = try? container.nestedContainer(keyedBy: Key.self, forKey: Key(name)),
        entry.contains(Key("mode"))
      else { return nil }
      return (name, try container.decode(Case.self, forKey: Key(name)))
    }
  }

  /// Reads the `golden.json` of a folder.
  ///
  /// - Throws: `notASet`, `unsuitable`.
  init(folder: String) throws(ParityError) {
    let path = "\(folder)/golden.json"
    let data: Data
    do {
      data = Data(try InputFile.bytes(path, limit: .textBytes))
    } catch {
      throw .notASet(folder: folder, reason: "golden.json can't be read: \(error)")
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: data)
    } catch {
      throw .unsuitable(
        file: path, name: (error as? DecodingError)?.place ?? "the document",
        problem: (error as? DecodingError)?.reason ?? error.localizedDescription)
    }
    guard setup.tasks > 0, setup.topk > 0, setup.topk <= 1 else {
      throw .unsuitable(
        file: path, name: "setup", problem: "should have at least one task, and topk above 0 to 1")
    }
  }

  /// Any name.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}

extension ParityGolden.Case {
  /// The method that the case ran.
  ///
  /// - Parameters:
  ///   - path: of the `golden.json`, for the error.
  ///   - names: of all parameters.
  /// - Throws: `unsuitable` for settings that MergeShift's AdaMerging does not have.
  func method(
    _ name: String, topk: Double, names: [String], path: String
  ) throws(ParityError) -> AdaMerging {
    func unsuitable(_ key: String, _ problem: String) -> ParityError {
      .unsuitable(file: path, name: "\(name).\(key)", problem: problem)
    }
    guard betas == [0.9, 0.999], eps == 1e-8 else {
      throw unsuitable("betas, eps", "should be 0.9, 0.999 and 1e-8, PyTorch's own of Adam")
    }
    guard steps > 0, lr > 0 else { throw unsuitable("steps, lr", "should be above 0") }
    let merged = Set(mergedTensors)
    var settings = AdaMergingSettings(.paper)
    settings.mergesProjection = merged.contains("visual_projection.weight")
    let expected = names.filter {
      settings.mergesProjection || $0 != "visual_projection.weight"
    }
    guard merged == Set(expected), mergedTensors.count == merged.count else {
      throw unsuitable(
        "merged_tensors", "should be all of tensor_names, or all but visual_projection.weight")
    }
    settings.steps = steps
    settings.batchesPerStep = 1
    settings.learningRate = lr
    settings.initialCoefficient = lambdaInit
    settings.clamps = clamp
    settings.logarithm = logarithm == .offset ? .offset : .exact
    let density = density ?? (name.hasPrefix("adamergingpp") ? topk : nil)
    if let density, !(density > 0 && density <= 1) {
      throw unsuitable("density", "should be above 0 and up to 1")
    }
    return AdaMerging(
      mode == .task ? .taskwise : .layerwise, density: density, settings: settings)
  }
}

extension DecodingError {
  fileprivate var place: String {
    switch self {
    case .keyNotFound(let key, let context):
      Self.path(context.codingPath.map(\.stringValue) + [key.stringValue])
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      Self.path(context.codingPath.map(\.stringValue))
    @unknown default: "the document"
    }
  }

  fileprivate var reason: String {
    switch self {
    case .keyNotFound: "is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      context.debugDescription
    @unknown default: "can't be read"
    }
  }

  private static func path(_ keys: [String]) -> String {
    keys.isEmpty ? "the document" : keys.joined(separator: ".")
  }
}
