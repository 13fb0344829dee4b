internal import Merging
package import Streams

/// How many images an adaptation looks at: all of them, each as often as the stream shows it.
package struct AdaptationLoad {
  /// Those that it goes through, in order: of a method that calibrates at once, the first alone.
  package let phases: [ShiftPhase]
  /// Of each phase; of a method that calibrates at once, its batches.
  package let steps: Int
  /// Of all tasks, in a phase.
  package let imagesPerPhase: Int
  /// Of all tasks, in the largest step.
  package let imagesPerStep: Int
  /// The most that go through the encoder at once.
  package let imagesPerPass: Int

  /// Nil for a method that does not adapt.
  ///
  /// - Parameter count: how many images of a task the stream takes.
  package init?(_ adaptation: Adaptation, count: (_ task: String) -> Int) {
    guard let stream = adaptation.stream,
      let method = try? adaptation.method.makeMethod(adaptation.settings)
    else { return nil }
    let settings = (method as? any AdaptiveMethod)?.settings ?? adaptation.settings
    let counts = adaptation.seen.map(count)
    let perStep = settings.batchesPerStep * settings.batchSize
    imagesPerPass = settings.imagesPerPass
    guard method is AdaMerging else {
      // As many images of each task as the method wants, again and again if there are fewer.
      phases = [stream.shift.phases[0]]
      steps = settings.steps
      imagesPerStep = counts.count * perStep
      imagesPerPhase = steps * imagesPerStep
      return
    }
    phases = stream.shift.phases
    let total = counts.reduce(0, +)
    let mixed = counts.count * perStep
    if stream.isOnePass {
      steps = SuiteStream.stepsOfOnePass(stream.mix, counts: counts, perStep: perStep)
      imagesPerPhase = total
      imagesPerStep =
        stream.mix == .perTask ? counts.reduce(0) { $0 + min(perStep, $1) } : min(mixed, total)
    } else if stream.mix == .perTask {
      let size = settings.batchSize
      // The loaders are made anew for each step, or go on from pass to pass.
      let restarts = settings.preset == .paper && stream.order == .shuffled
      let (batches, times) =
        restarts
        ? (settings.batchesPerStep, settings.steps)
        : (settings.steps * settings.batchesPerStep, 1)
      steps = settings.steps
      imagesPerPhase = counts.reduce(0) {
        $0 + times * Self.images(ofBatches: batches, size, of: $1)
      }
      imagesPerStep = counts.reduce(0) { $0 + settings.batchesPerStep * min(size, $1) }
    } else {
      steps = settings.steps
      imagesPerStep = mixed
      imagesPerPhase = steps * mixed
    }
  }

  /// The images in so many batches of one pass over `count` images after another; the last batch of a
  /// pass may be smaller.
  private static func images(ofBatches batches: Int, _ size: Int, of count: Int) -> Int {
    guard count > 0 else { return 0 }
    let (passes, rest) = batches.quotientAndRemainder(dividingBy: (count + size - 1) / size)
    return passes * count + min(count, rest * size)
  }
}
