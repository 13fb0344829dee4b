import ArgumentParser
import VisionModels

/// How models are loaded, for every command that loads some.
struct LoadingArguments: ParsableArguments {
  @Flag(help: "Fit position embeddings to the images' size, if they are of another.")
  var interpolatePositions = false

  @Option(
    help: """
      The activation of weights without a config.json: quick_gelu or gelu (default: quick_gelu for \
      CLIP, as OpenAI's).
      """, transform: Activation.init(argument:))
  var hiddenAct: Activation?

  var options: LoadingOptions {
    LoadingOptions(
      interpolatesPositions: interpolatePositions, activation: hiddenAct)
  }

  /// What a suite's file says, and what the command line adds to it.
  func added(to options: LoadingOptions) -> LoadingOptions {
    var options = options
    if interpolatePositions { options.interpolatesPositions = true }
    if let activation = self.options.activation { options.activation = activation }
    return options
  }
}

extension Activation {
  /// - Throws: `ValidationError` for a name that no activation has.
  init(argument: String) throws {
    guard let activation = Activation(rawValue: argument) else {
      throw ValidationError("an activation is quick_gelu or gelu, not \(argument)")
    }
    self = activation
  }
}
