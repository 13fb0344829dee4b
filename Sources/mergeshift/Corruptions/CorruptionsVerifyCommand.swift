import ArgumentParser
import Corruptions
import Foundation
import TensorCore

/// `mergeshift corruptions verify`: reference images beside ours.
struct CorruptionsVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare corrupted images of others with ours, pixel by pixel.",
    discussion: """
      The folder holds one of
      - manifest.csv with the columns file, image, profile, corruption, severity, seed (others are \
      ignored): rows of the profile 'input' are the clean images, the others name theirs under \
      'image'; --map NAME=PROFILE says which profile of ours a name means;
      - manifest.csv as `mergeshift corrupt` writes it, with --clean DIR for the clean images;
      - ImageNet-C's layout CORRUPTION/SEVERITY/CLASS/IMAGE, with --clean DIR for clean images of \
      the same paths and --profile.
      References in JPEG are compared with ours stored at the same quality. What is not here, a \
      corruption or a profile, is counted apart.

      Exit codes: 0 all equal, 1 some differ, 2 nothing can be compared.
      """)

  @Option(help: "The folder of references.")
  var against: String

  @Option(help: "The folder of the clean images.")
  var clean: String?

  @Option(
    help: """
      Compare only what is of this profile of ours; the profile of a set that names none \
      (default: \(RecipeLibrary.defaultProfile)).
      """)
  var profile: String?

  @Option(name: .customLong("map"), help: "NAME=PROFILE, a manifest's name for a profile of ours.")
  var aliases: [NamedPath] = []

  @Option(help: "Where draws come from, unless the manifest says: keyed or numpy.")
  var random = DrawSource.numpy

  @Option(help: "The seed of images whose seed the set does not tell.")
  var seed: UInt64 = 0

  @Option(help: "The quality of references in JPEG; ImageNet-C has 85.")
  var jpegQuality = 85

  @OptionGroup var recipes: RecipeFolderOptions

  func validate() throws {
    guard (1...100).contains(jpegQuality) else {
      throw ValidationError("--jpeg-quality is 1 to 100")
    }
    try random.validate(seed: seed)
  }

  func run() throws {
    try CommandFailure.reporting {
      let library = try recipes.library()
      let set = try ReferenceSet(
        against, clean: clean, profile: profile ?? RecipeLibrary.defaultProfile)
      var jobs: [(reference: ReferenceSet.Case, corruption: Corruption)] = []
      var absent: [String: Int] = [:]
      for reference in set.cases {
        let name = aliases.last { $0.name == reference.profile }?.path ?? reference.profile
        if let profile, profile != name { continue }
        do throws(CorruptionError) {
          jobs.append((reference, try library.corruption(reference.corruption, profile: name)))
        } catch {
          absent[Self.reason(error), default: 0] += 1
        }
      }
      let results = Parallel.map(jobs.count) { [jobs] index in
        ReferenceComparison(
          jobs[index].reference, corruption: jobs[index].corruption, random: random, seed: seed,
          jpegQuality: jpegQuality)
      }
      let report = Report(zip(jobs, results).map { ($0.reference, $0.corruption, $1) })
      print(report.text, terminator: "")
      for (reason, count) in absent.sorted(by: { $0.key < $1.key }) {
        print("not compared: \(count) images, \(reason)")
      }
      guard report.total > 0 else {
        throw CommandFailure.input("\(against): holds nothing that can be compared")
      }
      guard report.equal == report.total else {
        throw CommandFailure.checkFailed(
          "\(report.total - report.equal) of \(report.total) images are not equal")
      }
    }
  }
}

extension CorruptionsVerifyCommand {
  /// Without the list of all that there is.
  fileprivate static func reason(_ error: CorruptionError) -> String {
    switch error {
    case .unknownCorruption(let name, _, _): "no corruption '\(name)'"
    case .unknownProfile(let profile, let name, _, _): "'\(name)' has no profile '\(profile)'"
    default: "\(error)"
    }
  }
}

/// The counts for each profile and corruption, and the worst of each.
private struct Report {
  private(set) var text = ""
  private(set) var equal = 0
  private(set) var total = 0

  init(_ results: [(ReferenceSet.Case, Corruption, ReferenceComparison)]) {
    let groups = Dictionary(grouping: results) { "\($0.1.profile)\n\($0.1.name)" }
    let names = results.map { "\($0.1.profile)\n\($0.1.name)" }
    var seen: Set<String> = []
    text = Self.line("profile", "corruption", "equal", "largest difference")
    for key in names where seen.insert(key).inserted {
      let group = groups[key]!
      var (count, worst) = (0, (level: -1, text: ""))
      for (reference, _, comparison) in group {
        switch comparison.outcome {
        case .equal: count += 1
        case .different(let difference) where difference.level > worst.level:
          worst = (
            difference.level,
            "\(difference.level) at \(reference.reference), x \(difference.x), y \(difference.y), "
              + "channel \(difference.channel) (\(difference.count) samples differ)"
          )
        case .different: break
        case .failed(let reason): worst = (256, "\(reference.reference): \(reason)")
        }
      }
      text += Self.line(
        group[0].1.profile, group[0].1.name, "\(count)/\(group.count)", worst.text)
      equal += count
      total += group.count
    }
    text += "\(equal) of \(total) images are equal\n"
  }

  private static func line(_ profile: String, _ name: String, _ count: String, _ worst: String)
    -> String
  {
    let cells = zip([profile, name, count], [17, 19, 10]).map { text, width in
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    var line = cells.joined() + worst
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }
}
