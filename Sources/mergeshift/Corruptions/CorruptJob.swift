import Corruptions
import Datasets
import Foundation
import Imaging
import TensorCore

/// Makes the images of a plan on all cores.
struct CorruptJob: Sendable {
  let random: DrawSource
  let seed: UInt64
  let quality: Int
  /// Whether images that can't be decoded are left out and counted; else they are errors.
  let skipsUnreadable: Bool
  /// Of the folder that the images go to.
  let manifest: CorruptManifest?

  /// The plan without the images that are there already, made in the same way.
  ///
  /// - Throws: if something is there that this plan would not make.
  func pending(of plan: CorruptPlan) throws -> CorruptPlan {
    var plan = plan
    var strangers: [String] = []
    for index in plan.items.indices {
      let item = plan.items[index]
      plan.items[index].outputs = try item.outputs.filter { output in
        guard FileManager.default.fileExists(atPath: output.path) else { return true }
        guard let manifest, let name = output.name, manifest.isContinued else {
          strangers.append(output.path)
          return true
        }
        // A file without a row was not finished.
        guard let old = manifest.row(name) else { return true }
        if let difference = old.difference(to: row(of: output, item, plan.format, pixels: "")) {
          throw CommandFailure.input(
            "\(output.path): was made with \(difference); give --overwrite or another folder")
        }
        return false
      }
    }
    if let first = strangers.first {
      let others = strangers.count > 1 ? " (and \(strangers.count - 1) others)" : ""
      throw CommandFailure.input("\(first): is there already\(others); give --overwrite")
    }
    plan.items.removeAll(where: \.outputs.isEmpty)
    return plan
  }

  /// Corrupts every image; one that fails is named, and the others are done all the same.
  ///
  /// - Parameter finished: how many images of the whole work were there already.
  func run(_ plan: CorruptPlan, finished: Int) throws {
    let start = ContinuousClock.now
    let progress = ProgressBar()
    let total = plan.outputCount
    typealias Failure = (index: Int, message: String)
    let state = Locked((done: 0, failures: [Failure](), skipped: [Failure]()))
    let advance: @Sendable (Int) -> Void = { count in
      let done = state.withLock { state in
        state.done += count
        return state.done
      }
      guard total > 1 else { return }
      let rate = Double(done) / ((ContinuousClock.now - start) / .seconds(1))
      progress.update(
        Double(done) / Double(total),
        "\(done) of \(total) \(plan.noun), \(Int(rate.rounded())) \(plan.noun)/s")
    }
    if !plan.items.isEmpty { try manifest?.begin() }
    Parallel.forEach(plan.items.count) { index in
      let item = plan.items[index]
      do {
        if let folder = item.source.archiveFolder {
          let skipped = try makeShards(item, folder: folder, plan)
          state.withLock { $0.skipped += skipped.map { (index, $0) } }
          advance(item.outputs.count)
        } else {
          let image: PixelImage
          do throws(ImageError) {
            image = try ImageDecoder.decode(contentsOf: item.source.path)
          } catch {
            guard skipsUnreadable else { throw error }
            state.withLock { $0.skipped.append((index, "\(error)")) }
            return
          }
          for output in item.outputs {
            try make(output, item, from: image, plan)
            advance(1)
          }
        }
      } catch {
        let reason = (error as? CorruptionError).map { "\(item.source.path): \($0)" } ?? "\(error)"
        state.withLock { $0.failures.append((index, reason)) }
      }
    }
    progress.finish()
    try manifest?.finish()
    let (done, unordered, skipped) = state.withLock { ($0.done, $0.failures, $0.skipped) }
    if plan.folder != nil {
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      progress.message(
        "\(done) \(plan.noun) in \(String(format: "%.1f", seconds)) s, "
          + "\(Int(Double(done) / seconds)) \(plan.noun)/s"
          + (finished > 0 ? "; \(finished) were there already" : ""))
    }
    if !skipped.isEmpty {
      let total = plan.items.count - plan.items.count { $0.source.archiveFolder != nil }
      UnreadableImagesOptions.report([
        SkippedImages(
          name: "the input", total: max(total, skipped.count),
          reasons: skipped.sorted { $0.index < $1.index }.map(\.message))
      ])
    }
    let failures = unordered.sorted { $0.index < $1.index }
    guard let last = failures.last else { return }
    for failure in failures.dropLast() {
      CommandFailure.report(CommandFailure.input(failure.message))
    }
    throw CommandFailure.input(last.message)
  }

  private func make(
    _ output: CorruptPlan.Output, _ item: CorruptPlan.Item, from image: PixelImage,
    _ plan: CorruptPlan
  ) throws {
    let copy = try corrupted(image, sample: item.source.sample, output, item, plan)
    try OutputImage.write(copy.bytes, to: output.path)
    try manifest?.add(row(of: output, item, plan.format, pixels: copy.hash.description))
  }

  /// - Returns: what is wrong with the images that were left out.
  private func makeShards(
    _ item: CorruptPlan.Item, folder: String, _ plan: CorruptPlan
  ) throws -> [String] {
    let shard = ShardCopy(item: item, folder: folder, format: plan.format) {
      image, sample, output in
      try corrupted(image, sample: sample, output, item, plan)
    }
    let unreadable = skipsUnreadable ? try shard.unreadableSamples() : [:]
    for (output, hash) in zip(item.outputs, try shard.make(without: Set(unreadable.keys))) {
      try manifest?.add(row(of: output, item, plan.format, pixels: hash.description))
    }
    return unreadable.sorted { $0.key < $1.key }.map(\.value)
  }

  private func corrupted(
    _ image: PixelImage, sample: String, _ output: CorruptPlan.Output, _ item: CorruptPlan.Item,
    _ plan: CorruptPlan
  ) throws -> CorruptedImage {
    let result = try random.apply(
      item.corruption, to: image, severity: output.severity, seed: seed, sample: sample)
    // Many PNG files are written fast, a single one small.
    let bytes = try OutputImage.encode(
      result, as: plan.format, quality: quality, effort: plan.folder == nil ? .standard : .fast)
    let stored =
      plan.format == .png || manifest == nil
      ? result : try JPEGCodec.decode(bytes, name: output.path, pixelLimit: .max)
    return CorruptedImage(bytes: bytes, hash: ContentHash(of: stored.pixels))
  }

  private func row(
    of output: CorruptPlan.Output, _ item: CorruptPlan.Item, _ format: OutputImage.Format,
    pixels: String
  ) -> CorruptManifest.Row {
    CorruptManifest.Row(
      path: output.name ?? output.path, source: item.source.sample,
      corruption: item.corruption.name, severity: Severity.text(of: output.severity),
      profile: item.corruption.profile, seed: "\(seed)", random: random.rawValue,
      recipe: item.corruption.hash.description, quality: format == .jpeg ? "\(quality)" : "",
      pixels: pixels)
  }
}
