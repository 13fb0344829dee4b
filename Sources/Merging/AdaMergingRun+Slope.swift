internal import Checkpoints
internal import Communication
internal import TensorCore
internal import VisionModels

/// The slope of the loss where the coefficients are.
extension AdaMergingRun {
  /// What the encoder may keep of the images of a pass, in bytes. Larger passes are no faster.
  package static let activationMemory = 1 << 30

  var imagesPerPass: Int {
    max(
      1,
      min(
        method.settings.imagesPerPass,
        Self.activationMemory / max(1, encoder.activationBytesPerImage)))
  }

  /// The loss, what was predicted for each task, and the gradient of the raw coefficients, over the
  /// images of all ranks.
  mutating func slope(
    _ batches: [TaskBatch], _ shares: BatchShares
  ) throws(MergingError) -> (loss: Double, tallies: [PredictionTally], gradient: [Double]) {
    try bank.weightedSum(coefficients.matrix, ranges: ranges, into: &merged)
    unsafe gradients.values.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
    var tallies: [PredictionTally] = []
    for (task, head, _) in batches where !tallies.contains(where: { $0.task == task }) {
      tallies.append(PredictionTally(task: task, classes: head.classCount))
    }
    for pass in shares.passes {
      accumulate(batches[pass], of: shares.images[pass], &tallies)
    }
    var products = try bank.coefficientGradient(of: gradients, ranges: ranges).map { Double($0) }
    addUp(&tallies, &products)
    var loss = 0.0
    for tally in tallies {
      guard tally.entropySum.isFinite, tally.loss.isFinite else {
        throw .nonFiniteEntropy(
          method: method.name, task: tally.task, step: state.steps + 1,
          layer: firstNonFiniteLayer(batches, of: tally.task))
      }
      loss += tally.loss
    }
    var gradient = try coefficientGradient(products)
    if method.settings.anchor > 0 {
      for (index, value) in state.raw.enumerated() {
        let distance = value - method.settings.initialCoefficient
        loss += method.settings.anchor * distance * distance
        gradient[index] += 2 * method.settings.anchor * distance
      }
    }
    return (loss, tallies, gradient)
  }

  /// Where this rank's images of a task leave the numbers.
  private func firstNonFiniteLayer(_ batches: [TaskBatch], of task: String) -> String? {
    for batch in batches where batch.task == task {
      if let layer = encoder.firstNonFiniteLayer(of: batch.images, parameters: merged) {
        return layer
      }
    }
    return nil
  }

  /// Adds the loss of this rank's part of `batches` and its gradients, by one pass forward and one
  /// back; a batch that is larger than a pass goes through in parts.
  ///
  /// - Parameter counts: how many images each of the batches has on all ranks.
  private mutating func accumulate(
    _ batches: ArraySlice<TaskBatch>, of counts: ArraySlice<Int>,
    _ tallies: inout [PredictionTally]
  ) {
    let images = batches.map(\.images).filter { $0.rowCount > 0 }
    guard let pixels = images.count > 1 ? Tensor.concatenating(images) : images.first else {
      // The other ranks wait for this one's sums.
      _ = featureGradient(
        batches, of: counts, Tensor(zeros: [0, encoder.embeddingWidth]), &tallies)
      return
    }
    guard pixels.rowCount > imagesPerPass else {
      let (features, tape) = encoder.recordFeatures(of: pixels, parameters: merged)
      goBack(featureGradient(batches, of: counts, features, &tallies), through: tape)
      return
    }
    let parts = stride(from: 0, to: pixels.rowCount, by: imagesPerPass).map {
      $0..<min(pixels.rowCount, $0 + imagesPerPass)
    }
    guard batches.count == 1, let batch = batches.first, isMeanOverImages(batch) else {
      // The loss of a part depends on all images: forward once for that, and once more to go back.
      let features = encoder.features(of: pixels, parameters: merged)
      let gradient = featureGradient(batches, of: counts, features, &tallies)
      for part in parts {
        let tape = encoder.recordFeatures(of: pixels.rows(part), parameters: merged).tape
        goBack(gradient?.rows(part), through: tape)
      }
      return
    }
    for part in parts {
      let images = pixels.rows(part)
      let (features, tape) = encoder.recordFeatures(of: images, parameters: merged)
      goBack(
        featureGradient([(batch.task, batch.head, images)], of: counts, features, &tallies),
        through: tape)
    }
  }

  private mutating func goBack(_ featureGradient: Tensor?, through tape: consuming ActivationTape) {
    guard let featureGradient else { return }
    encoder.accumulateGradients(
      of: featureGradient, through: tape, parameters: merged, into: &gradients)
  }

  /// Whether what an image adds to the loss depends on how many images there are alone.
  private func isMeanOverImages(_ batch: TaskBatch) -> Bool {
    objective.sums(over: Tensor(zeros: [0, batch.head.classCount])).isEmpty
  }

  /// Evaluates this rank's part of `batches` by the heads.
  ///
  /// - Parameter features: `[N, E]`, of the images of all these batches.
  /// - Returns: the gradient `[N, E]`; nil if there are no images.
  private func featureGradient(
    _ batches: ArraySlice<TaskBatch>, of counts: ArraySlice<Int>, _ features: Tensor,
    _ tallies: inout [PredictionTally]
  ) -> Tensor? {
    var parts: [(features: Tensor, logits: Tensor)] = []
    var row = 0
    for (_, head, images) in batches {
      let part = features.rows(row..<row + images.rowCount)
      parts.append((part, head.logits(of: part)))
      row += images.rowCount
    }
    var sums = parts.map { objective.sums(over: $0.logits) }
    // Parts of a batch have none, and there may be more of them on one rank than on another.
    if sums.contains(where: { !$0.isEmpty }) { communicator.sum(&sums) }
    var gradients: [Tensor] = []
    for (index, batch) in batches.enumerated() where batch.images.rowCount > 0 {
      let (features, logits) = parts[index]
      let value = objective.evaluate(
        logits,
        of: BatchTotals(images: counts[counts.startIndex + index], sums: sums[index]))
      let place = tallies.firstIndex { $0.task == batch.task }!
      tallies[place].add(logits, loss: value.loss, entropies: value.entropies)
      gradients.append(batch.head.featureGradient(of: value.gradient, features: features))
    }
    return gradients.isEmpty ? nil : Tensor.concatenating(gradients)
  }

  /// Replaces what this rank found by the sums over all ranks.
  private func addUp(_ tallies: inout [PredictionTally], _ products: inout [Double]) {
    guard communicator.size > 1 else { return }
    var sums = tallies.map(\.sums) + [products]
    communicator.sum(&sums)
    products = sums.removeLast()
    for (index, sums) in sums.enumerated() { tallies[index].sums = sums }
  }

  /// The gradient of the raw coefficients, 0 where clamped.
  ///
  /// - Parameter products: the inner products with the task vectors, K x L.
  private func coefficientGradient(_ products: [Double]) throws(MergingError) -> [Double] {
    if let place = products.firstIndex(where: { !$0.isFinite }) {
      let (task, layer) = place.quotientAndRemainder(dividingBy: layers.count)
      throw .nonFiniteGradient(
        method: method.name, task: bank.tasks[task], step: state.steps + 1, layer: layers[layer])
    }
    var gradient =
      switch method.granularity {
      case .layerwise: products
      case .taskwise:
        bank.tasks.indices.map { task in
          products[task * layers.count..<(task + 1) * layers.count].reduce(0, +)
        }
      }
    if method.settings.clamps {
      for index in gradient.indices where state.raw[index] < 0 || state.raw[index] > 1 {
        gradient[index] = 0
      }
    }
    return gradient
  }
}
