import Corruptions
import Foundation
import Imaging
import Synchronization
import TensorCore

/// One corruption at one severity over a list of files, on all cores.
struct CorruptJob: Sendable {
  let corruption: Corruption
  let severity: Int
  let source: CorruptCommand.DrawSource
  let seed: UInt64
  let quality: Int

  /// Corrupts every file; one that fails is named, and the others are done all the same.
  func run(_ files: CorruptFiles) throws {
    let items = files.items
    let start = ContinuousClock.now
    let progress = ProgressBar()
    let state = Mutex((done: 0, failures: [(index: Int, message: String)]()))
    Parallel.forEach(items.count) { index in
      var failure: String?
      do {
        try corrupt(items[index])
      } catch {
        failure = "\(error)"
      }
      let done = state.withLock { state in
        state.done += 1
        if let failure { state.failures.append((index, failure)) }
        return state.done
      }
      if items.count > 1 {
        let rate = Double(done) / ((ContinuousClock.now - start) / .seconds(1))
        progress.update(
          Double(done) / Double(items.count),
          "\(done) of \(items.count) images, \(Int(rate.rounded())) images/s")
      }
    }
    progress.finish()
    let failures = state.withLock { $0.failures }.sorted { $0.index < $1.index }
    if items.count > 1 {
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let count = items.count - failures.count
      progress.message(
        "\(count) images in \(String(format: "%.1f", seconds)) s, "
          + "\(Int(Double(count) / seconds)) images/s")
    }
    guard let last = failures.last else { return }
    for failure in failures.dropLast() {
      FileHandle.standardError.write(Data("error: \(failure.message)\n".utf8))
    }
    throw CommandFailure.input(last.message)
  }

  private func corrupt(_ item: CorruptFiles.Item) throws {
    let image = try ImageDecoder.decode(contentsOf: item.input)
    let result: PixelImage
    switch source {
    case .keyed:
      var random = corruption.random(seed: seed, severity: severity, sample: item.sample)
      result = try corruption.apply(to: image, severity: severity, random: &random)
    case .numpy:
      var random = NumPyRandom(seed: UInt32(seed))
      result = try corruption.apply(to: image, severity: severity, random: &random)
    }
    try OutputImage.write(result, to: item.output, format: item.format, quality: quality)
  }
}
