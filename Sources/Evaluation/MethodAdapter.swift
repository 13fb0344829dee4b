internal import Configuration
public import Merging
internal import Streams

extension MethodChoice {
  /// The method with its options, for adaptation settings that the options may change.
  func makeMethod(_ settings: AdaMergingSettings) throws(EvaluationError) -> any MergingMethod {
    let entry: MethodCatalog.Entry
    do {
      entry = try MethodCatalog.entry(named: name)
    } catch {
      throw .merging(error)
    }
    do {
      return try entry.method(options: try reader(), settings: settings)
    } catch {
      throw .configuration(error)
    }
  }

  /// Whether it adapts to unlabeled images; a method that the catalogue doesn't have does not.
  var isAdaptive: Bool {
    MethodCatalog.all.first { $0.name == name }?.isAdaptive ?? false
  }

  /// Whether it gives each task, seen or unseen, its own expert: the upper reference.
  var usesEveryExpert: Bool { name == Individual().name }
}

extension AdaMergingSettings {
  /// As results show it: `paper`, or with what a plan changes of it, `paper(steps=40)`.
  public var title: String {
    let published = Self(preset)
    var changes: [String] = []
    if steps != published.steps { changes.append("steps=\(steps)") }
    if batchesPerStep != published.batchesPerStep {
      changes.append("batches_per_step=\(batchesPerStep)")
    }
    if batchSize != published.batchSize { changes.append("batch_size=\(batchSize)") }
    if learningRate != published.learningRate { changes.append("learning_rate=\(learningRate)") }
    return changes.isEmpty
      ? preset.rawValue : "\(preset.rawValue)(\(changes.joined(separator: " ")))"
  }

  /// In which order the protocol takes a stream.
  var streamOrder: StreamOrder {
    switch preset {
    case .paper: .reshuffledEachStep(batchesPerStep: batchesPerStep)
    case .fusionbench: .epochs
    }
  }
}
