import ArgumentParser
import Evaluation
import Foundation
import TensorCore
import TextModels
import VisionModels

/// `mergeshift head`: a task's classifier from the names of its classes.
struct HeadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head",
    abstract: "Make heads from class names and a CLIP text tower.",
    discussion: """
      CHECKPOINT is a folder with config.json and the weights of a CLIPModel or a \
      CLIPTextModelWithProjection, or a file of weights in open_clip's names; the tokenizer's files \
      (vocab.json and merges.txt, or tokenizer.json) lie in the same folder, or in --tokenizer. Each \
      class is described by the templates of a file of heads/; \
      the mean of its sentences' embeddings is its row of the head. heads/README.md has the format \
      of the files.
      """)

  @Argument(help: "The checkpoint's folder or file of weights.", completion: .file())
  var checkpoint: String

  @Option(help: "The folder of the tokenizer's files, if not the checkpoint's.")
  var tokenizer: String?

  @Option(
    help: "The activation of weights without a config.json: quick_gelu (default) or gelu.",
    transform: Activation.init(argument:))
  var hiddenAct: Activation?

  @Option(
    help: "A file of classes and templates, or a folder of them; may be repeated.",
    completion: .file(extensions: ["yaml"]))
  var classes: [String]

  @Option(
    name: .shortAndLong,
    help: "The head's file; for several heads the folder for them, each named after its classes.")
  var output: String

  @Flag(help: "Replace heads that are there.")
  var overwrite = false

  @OptionGroup var limits: LimitOptions

  /// A head to make and where it goes.
  private struct Job {
    let prompts: ClassPrompts
    let path: String
  }

  func run() throws {
    try CommandFailure.reporting {
      // All that can be wrong with the files comes out before the model is read.
      let jobs = try jobs()
      let classifier = try ZeroShotClassifier(
        checkpoint, tokenizer: tokenizer, activation: hiddenAct)
      if makesFolder { try makeFolder() }
      var table = TextTable(
        header: ["head", "classes", "templates", "texts", "cut_off", "width", "logit_scale"])
      for job in jobs {
        let weights = try classifier.weights(for: job.prompts)
        let head = ClassificationHead(
          classNames: job.prompts.classes.map(\.name), weights: weights.tensor,
          logitScale: classifier.logitScale)
        try head.write(to: job.path)
        let (classCount, templateCount) = (head.classCount, job.prompts.templates.count)
        let counts = [
          classCount, templateCount, classCount * templateCount, weights.truncatedCount,
          head.embeddingWidth,
        ]
        table.rows.append(
          [job.path] + counts.map(String.init) + [String(format: "%.2f", head.logitScale)])
      }
      print(table.text, terminator: "")
    }
  }

  /// Whether `output` is a folder for heads, not a head.
  private var makesFolder: Bool {
    classes.count > 1 || isFolder(output) || classes.contains(where: isFolder)
  }

  private func makeFolder() throws {
    do {
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure.input("\(output): can't be made a folder: \(FileReason.of(error))")
    }
  }

  private func jobs() throws -> [Job] {
    var jobs: [Job] = []
    for file in try classes.flatMap(files) {
      let prompts = try ClassPrompts(contentsOf: file)
      let path = makesFolder ? Self.path("\(prompts.name).safetensors", in: output) : output
      if let other = jobs.first(where: { $0.path == path }) {
        throw CommandFailure.input(
          "\(file) and \(other.prompts.file) both make \(path): give one another name")
      }
      guard overwrite || !FileManager.default.fileExists(atPath: path) else {
        throw CommandFailure.input("\(path) is there already; --overwrite replaces it")
      }
      jobs.append(Job(prompts: prompts, path: path))
    }
    return jobs
  }

  /// As it was given, so that messages show what was typed.
  private static func path(_ name: String, in folder: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The YAML files of a folder by name, or the file itself.
  private func files(_ path: String) throws -> [String] {
    guard isFolder(path) else { return [path] }
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
    guard !names.isEmpty else {
      throw CommandFailure.input("\(path): has no .yaml file of classes and templates")
    }
    return names.map { Self.path($0, in: path) }
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
