import Configuration
import Corruptions
import Imaging
import TensorCore
import TestSupport
import Testing

/// The one recipe `haze` over `text`.
private func haze(_ text: String) throws -> Corruption {
  let folder = try TemporaryFolder()
  try folder.write(recipeHead + text, to: "haze.yaml")
  return try RecipeLibrary(directory: folder.path).corruption("haze")
}

private func contrast(_ factor: Double) throws -> Corruption {
  try haze(
    "pipeline: [{op: contrast, factor: \(factor)}]\nseverities: {}\n")
}

@Suite("Fractional severities")
struct FractionalSeverityTests {
  private static let linear = """
    pipeline: [{op: contrast, factor: $factor}]
    severities: {factor: [.5, .25, .125, .0625, .03125]}
    interpolation: {factor: {identity: 1}}
    """

  @Test(
    "Numbers are interpolated linearly, from the identity at 0",
    arguments: [(2.5, 0.1875), (1.25, 0.4375), (4.5, 0.046875), (0.5, 0.75), (0.25, 0.875)])
  func linear(severity: Double, factor: Double) throws {
    #expect(
      try corruptedTestImage(haze(Self.linear), severity) == corruptedTestImage(contrast(factor), 1)
    )
  }

  @Test("Whole severities are the recipe's, in draws too; 0 is the image itself")
  func whole() throws {
    let corruption = try library.get().corruption("gaussian_noise")
    let image = testImage(width: 40, height: 33)
    for severity in Corruption.severityRange {
      var first = corruption.random(seed: 1, severity: severity, sample: "a")
      var second = corruption.random(seed: 1, severity: Double(severity), sample: "a")
      let expected = try corruption.apply(to: image, severity: severity, random: &first)
      #expect(
        try corruption.apply(to: image, severity: Double(severity), random: &second) == expected)
    }
    #expect(try corruptedTestImage(corruption, 0) == image)
  }

  @Test("On a reciprocal scale 1/c is what is interpolated", arguments: [(1.5, 1 / 3.0), (0.5, 1)])
  func reciprocal(severity: Double, factor: Double) throws {
    let text = """
      pipeline: [{op: contrast, factor: $factor}]
      severities: {factor: [.5, .25, .125, .1, .05]}
      interpolation: {factor: {identity: .inf, scale: reciprocal}}
      """
    #expect(try corruptedTestImage(haze(text), severity) == corruptedTestImage(contrast(factor), 1))
  }

  @Test("Integers are rounded, halves up; names come from the severity below")
  func discrete() throws {
    let text = """
      pipeline:
        - {op: motion_blur, radius: $radius, sigma: 2, engine: $engine}
      severities:
        radius: [3, 6, 9, 9, 9]
        engine: [imagecorruptions, imagecorruptions, imagemagick, imagemagick, imagemagick]
      """
    let like = """
      pipeline: [{op: motion_blur, radius: 5, sigma: 2, engine: imagecorruptions}]
      severities: {}
      """
    #expect(try corruptedTestImage(haze(text), 1.5) == corruptedTestImage(haze(like), 1))
  }

  @Test("Lists of numbers are interpolated number by number")
  func lists() throws {
    let text = """
      pipeline: [{op: motion_blur, radius: 5, sigma: 2, angles: $angles}]
      severities: {angles: [[0, 0], [10, 10], [20, 20], [30, 30], [40, 40]]}
      """
    let like = """
      pipeline: [{op: motion_blur, radius: 5, sigma: 2, angles: [25, 25]}]
      severities: {}
      """
    #expect(try corruptedTestImage(haze(text), 3.5) == corruptedTestImage(haze(like), 1))
  }

  @Test("Below 1 a recipe without identity values is refused")
  func identity() throws {
    let text = """
      pipeline: [{op: contrast, factor: $factor}]
      severities: {factor: [.5, .4, .3, .2, .1]}
      """
    let corruption = try haze(text)
    #expect(throws: Never.self) { try corruptedTestImage(corruption, 1.5) }
    let error = #expect(throws: CorruptionError.self) { try corruptedTestImage(corruption, 0.5) }
    #expect(
      "\(error!)".hasSuffix(
        "haze.yaml:5: profile imagecorruptions, severity 0.5, pipeline[0].factor: severity 0.5 is "
          + "below 1, and the recipe does not say which value of 'factor' changes nothing; give a "
          + "severity from 1 up, or add `interpolation: {factor: {identity: VALUE}}`"))
  }

  @Test("Severities beyond 0 to 5 are refused", arguments: [-0.5, 5.1, .nan, .infinity])
  func range(severity: Double) throws {
    let error = #expect(throws: CorruptionError.self) {
      try corruptedTestImage(library.get().corruption("contrast"), severity)
    }
    #expect(
      "\(error!)" == "the corruption 'contrast' has no severity \(severity); give 0 to 5")
  }

  @Test(
    "Faults of the table `interpolation` are named",
    arguments: [
      (
        "interpolation: {fctor: {identity: 1}}",
        "interpolation.fctor: unknown name 'fctor'; did you mean 'factor'?"
      ),
      (
        "interpolation: {factor: {identity: none}}",
        "interpolation.factor.identity: is 'none'; it must be the number at which the parameter "
          + "changes nothing"
      ),
      (
        "interpolation: {factor: {scale: log}}",
        "interpolation.factor.scale: unknown name 'log'; possible names: linear, reciprocal"
      ),
    ])
  func faults(line: String, expected: String) throws {
    let text = """
      pipeline: [{op: contrast, factor: $factor}]
      severities: {factor: [.5, .4, .3, .2, .1]}
      \(line)
      """
    let error = #expect(throws: ConfigurationError.self) { try haze(text) }
    #expect("\(error!)".hasSuffix(expected), "\(error!)")
  }

  @Test("Noise and contrast move away from the image between the severities too, and below 1")
  func distances() throws {
    for name in ["gaussian_noise", "impulse_noise", "contrast"] {
      let corruption = try library.get().corruption(name)
      let image = testImage(width: 40, height: 33)
      let distances = try [0.3, 0.7, 1, 1.5, 2.5, 4.5].map { severity in
        ImageQuality.psnr(image, try corruptedTestImage(corruption, severity))
      }
      #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 > $1 }, "\(name)")
    }
  }
}
