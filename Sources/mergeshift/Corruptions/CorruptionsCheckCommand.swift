import ArgumentParser
import Corruptions
import Foundation
import Imaging
import Suites

/// `mergeshift corruptions check`: a recipe tried on a few images.
struct CorruptionsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Run a corruption over sample images and report on what it does.",
    discussion: """
      Shown for each severity: PSNR and SSIM to the input (means) and milliseconds per image (the \
      median, on one thread). Exit code 1 if two runs with one seed differ or an output is a \
      single colour. A severity that lies nearer to the image than the one below is noted, as is a \
      size that changes.
      """)

  @Argument(help: "The corruption's name.")
  var name: String

  @Option(help: "A folder of images (or one image) to use instead of rendered ones of 64 and 224.")
  var images: String?

  @Option(help: "The seed of the draws.")
  var seed: UInt64 = 0

  @OptionGroup var recipes: RecipeOptions

  func run() throws {
    try CommandFailure.reporting {
      let library = try recipes.library()
      let corruption = try library.corruption(name, profile: recipes.profile)
      print("\(name), profile \(recipes.profile), \(try library.recipe(named: name).file)\n")
      print("images          severity   PSNR dB      SSIM  ms/image")
      var (faults, notes) = ([String](), [String]())
      for group in try groups() {
        let check = try CorruptionCheck(corruption, samples: group.samples, seed: seed)
        for row in check.measurements {
          let cells = [
            group.title.padding(toLength: 14, withPad: " ", startingAt: 0),
            Self.cell("\(row.severity)", 9), Self.cell(row.psnr.map { Self.number($0, 2) }, 9),
            Self.cell(row.ssim.map { Self.number($0, 4) }, 9),
            Self.cell(Self.number(row.milliseconds, 2), 9),
          ]
          print(cells.joined(separator: " "))
        }
        faults += check.faults.map { "\(group.title): \($0)" }
        notes += check.notes.map { "\(group.title): \($0)" }
      }
      print("")
      for note in notes { print("note: \(note)") }
      guard faults.isEmpty else {
        throw CommandFailure.checkFailed(faults.joined(separator: "\nerror: "))
      }
      print("deterministic for a seed; every output is an image")
    }
  }

  private func groups() throws -> [(title: String, samples: [CorruptionCheck.Sample])] {
    guard let images else { return [("64 x 64", Self.small), ("224 x 224", Self.large)] }
    let samples = try SourceImages(images).items.map { item in
      CorruptionCheck.Sample(
        name: item.sample, image: try ImageDecoder.decode(contentsOf: item.path))
    }
    return [("\(samples.count) images", samples)]
  }

  /// One image of each task of the embedded suite.
  private static let small = SuiteCatalog.all.map { task in
    CorruptionCheck.Sample(
      name: task.name,
      image: SuiteRenderer.image(task: task, split: .test, classIndex: 0, index: 0, seed: 0))
  }

  /// Smooth ones, enlarged, and one of 224 pixels with detail: a mosaic of small ones.
  private static let large: [CorruptionCheck.Sample] = {
    var samples = small.suffix(2).map { sample in
      CorruptionCheck.Sample(
        name: sample.name, image: sample.image.resized(width: 224, height: 224, filter: .bicubic))
    }
    var mosaic = PixelImage(width: 224, height: 224, color: (128, 128, 128))
    for (index, sample) in (small + small).enumerated() {
      let tile = sample.image.resized(width: 56, height: 56, filter: .bicubic)
      for row in 0..<56 {
        let start = 3 * ((index / 4 * 56 + row) * 224 + index % 4 * 56)
        mosaic.pixels.replaceSubrange(
          start..<start + 168, with: tile.pixels[row * 168..<(row + 1) * 168])
      }
    }
    samples.append(CorruptionCheck.Sample(name: "mosaic", image: mosaic))
    return samples
  }()

  private static func number(_ value: Double, _ digits: Int) -> String {
    value.isFinite ? String(format: "%.\(digits)f", value) : "equal"
  }

  private static func cell(_ text: String?, _ width: Int) -> String {
    let text = text ?? "-"
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
