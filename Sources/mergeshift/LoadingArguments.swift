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
      """)
  var hiddenAct: String?

  func validate() throws {
    if let hiddenAct, Activation(rawValue: hiddenAct) == nil {
      throw ValidationError("--hidden-act is quick_gelu or gelu, not \(hiddenAct)")
    }
  }

  var options: LoadingOptions {
    LoadingOptions(
      interpolatesPositions: interpolatePositions,
      activation: hiddenAct.flatMap { Activation(rawValue: $0) })
  }

  /// What a suite's file says, and what the command line adds to it.
  func added(to options: LoadingOptions) -> LoadingOptions {
    var options = options
    if interpolatePositions { options.interpolatesPositions = true }
    if let activation = self.options.activation { options.activation = activation }
    return options
  }
}
