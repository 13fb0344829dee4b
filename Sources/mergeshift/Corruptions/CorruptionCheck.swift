import Corruptions
import Imaging

/// What can be found out about a corruption by running it over a few images of about one size.
struct CorruptionCheck {
  struct Sample: Sendable {
    let name: String
    let image: PixelImage
  }

  /// Means over the samples.
  struct Measurement {
    let severity: Int
    /// Nil where the corruption changes the size.
    let psnr: Double?
    /// Nil as well for images below 7 pixels.
    let ssim: Double?
    /// The median, on one thread.
    let milliseconds: Double
  }

  let corruption: Corruption
  private(set) var measurements: [Measurement] = []
  /// What a corruption must not do.
  private(set) var faults: [String] = []
  /// What is unusual.
  private(set) var notes: [String] = []

  init(_ corruption: Corruption, samples: [Sample], seed: UInt64) throws {
    self.corruption = corruption
    for severity in Corruption.severityRange {
      var (psnrs, ssims, times) = ([Double](), [Double](), [Double]())
      for sample in samples {
        let outputs = try (0..<2).map { _ in
          let start = ContinuousClock.now
          let output = try DrawSource.keyed.apply(
            corruption, to: sample.image, severity: Double(severity), seed: seed,
            sample: sample.name)
          times.append((ContinuousClock.now - start) / .milliseconds(1))
          return output
        }
        examine(outputs, of: sample, severity: severity)
        guard outputs[0].isSameSize(as: sample.image) else { continue }
        psnrs.append(ImageQuality.psnr(sample.image, outputs[0]))
        if let ssim = ImageQuality.ssim(sample.image, outputs[0]) { ssims.append(ssim) }
      }
      measurements.append(
        Measurement(
          severity: severity, psnr: Self.mean(psnrs), ssim: Self.mean(ssims),
          milliseconds: times.sorted()[times.count / 2]))
    }
    compare("PSNR", \.psnr)
    compare("SSIM", \.ssim)
  }

  private mutating func examine(_ outputs: [PixelImage], of sample: Sample, severity: Int) {
    if outputs[0] != outputs[1] {
      add(fault: "not deterministic: two runs with one seed differ", severity, sample)
    }
    if outputs[0].isFlat, !sample.image.isFlat {
      add(fault: "every pixel of the output is alike", severity, sample)
    }
    if !outputs[0].isSameSize(as: sample.image) {
      let note = "the size becomes \(outputs[0].width) x \(outputs[0].height)"
      if !notes.contains(note) { notes.append(note) }
    }
  }

  private mutating func add(fault: String, _ severity: Int, _ sample: Sample) {
    faults.append("severity \(severity), \(sample.name): \(fault)")
  }

  /// Notes severities that lie nearer to the image than the one below.
  private mutating func compare(_ name: String, _ value: (Measurement) -> Double?) {
    for (below, above) in zip(measurements, measurements.dropFirst()) {
      guard let first = value(below), let second = value(above), second > first else { continue }
      notes.append(
        "by \(name) severity \(above.severity) is nearer to the image than \(below.severity)")
    }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

extension PixelImage {
  /// Whether every pixel has the same colour.
  fileprivate var isFlat: Bool {
    let span = pixels.span
    for index in 3..<max(3, span.count) where span[index] != span[index - 3] { return false }
    return width * height > 1
  }
}
