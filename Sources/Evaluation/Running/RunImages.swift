internal import Imaging
internal import Results
internal import Streams
internal import TensorCore

/// The images of a run: prepared once for all cells that show them, as long as memory allows, and the
/// first of each task and domain kept to look at.
struct RunImages: Sendable {
  let workbench: Workbench
  let recipes: PlanRecipes
  /// Where the first images go: `<task>-<corruption>-<severity>.png`.
  let gallery: String
  private(set) var cache: BatchCache
  private var shown: Set<String> = []

  init(_ workbench: Workbench, _ recipes: PlanRecipes, gallery: String, memoryLimit: Int) {
    self.workbench = workbench
    self.recipes = recipes
    self.gallery = gallery
    cache = BatchCache(memoryLimit: memoryLimit)
  }

  /// Another unit begins.
  mutating func beginUnit() { cache.beginUnit() }

  static func key(
    _ task: String, _ phase: ShiftPhase, profile: String, seed: UInt64
  ) -> BatchCache.Key {
    let isClean = phase.domain == .clean
    return BatchCache.Key(
      task: task, phase: phase, profile: isClean ? "" : profile, seed: isClean ? 0 : seed)
  }

  /// The images of some tasks under the domains of a phase, by task.
  ///
  /// - Parameter progress: gets the number of images of each part that is prepared.
  mutating func prepare(
    _ tasks: [String], _ phase: ShiftPhase, profile: String, seed: UInt64,
    progress: (Int) -> Void
  ) throws(EvaluationError) -> [String: PreparedImages] {
    let preprocessor = PhasePreprocessor(
      phase,
      phase.domains.map { domain in
        Preprocessor(
          preprocessing: workbench.preprocessing, domain: domain,
          corruption: recipes.corruption(of: domain, profile: profile), seed: seed)
      })
    var prepared: [String: PreparedImages] = [:]
    for task in tasks {
      var before = 0
      let images = try cache.images(
        Self.key(task, phase, profile: profile, seed: seed), of: workbench[task],
        by: preprocessor
      ) { done in
        progress(done - before)
        before = done
      }
      if let domain = phase.domain { try show(images, task, domain) }
      prepared[task] = images
    }
    return prepared
  }

  private mutating func show(
    _ images: PreparedImages, _ task: String, _ domain: Domain
  ) throws(EvaluationError) {
    let severity = domain.severity?.description ?? "0"
    let path = "\(gallery)/\(task)-\(domain.name)-\(severity).png"
    guard shown.insert(path).inserted else { return }
    let bytes: [UInt8]
    do {
      bytes = try PNGCodec.encode(images.pixels(0))
    } catch {
      throw .image(error)
    }
    do {
      try AtomicFile.replace(path, with: bytes)
    } catch {
      throw .result(error)
    }
  }
}
