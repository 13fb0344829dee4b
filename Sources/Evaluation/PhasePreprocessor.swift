internal import Imaging
internal import Streams

/// From the samples of a phase to what a model is fed from: each by the preprocessor of its domain.
struct PhasePreprocessor: Sendable {
  let preprocessing: Preprocessing
  private let phase: ShiftPhase
  private let preprocessors: [Domain: Preprocessor]
  private let seed: UInt64

  /// - Parameter preprocessors: of all the phase's domains, with the same preprocessing and seed.
  init(_ phase: ShiftPhase, _ preprocessors: [Preprocessor]) {
    precondition(preprocessors.map(\.domain) == phase.domains, "one for each domain")
    self.phase = phase
    self.preprocessors = Dictionary(uniqueKeysWithValues: preprocessors.map { ($0.domain, $0) })
    preprocessing = preprocessors[0].preprocessing
    seed = preprocessors[0].seed
  }

  init(_ preprocessor: Preprocessor) {
    self.init(ShiftPhase(preprocessor.domain), [preprocessor])
  }

  /// - Parameter content: the hash that the sample's bytes should have.
  func pixels(
    of sample: Sample, content: ImageContents.Hash
  ) throws(EvaluationError) -> PixelImage {
    try preprocessors[phase.domain(of: sample.id, seed: seed)]!
      .pixels(of: sample, content: content)
  }
}
