internal import Dispatch

/// What a training tells while it runs.
public enum TrainingEvent: Sendable {
  /// A stage begins, or goes on at a step that an earlier run reached.
  case began(stage: String, step: Int, of: Int)
  case progress(TrainingProgress)
  /// A stage is complete.
  case finished(stage: String, seconds: Double)
  /// A stage was complete already.
  case skipped(stage: String)
}

/// How far a stage is.
public struct TrainingProgress: Sendable {
  public let stage: String
  public let step: Int
  public let totalSteps: Int
  /// Running means over about the last fifty steps.
  public let loss: Double
  public let accuracy: Double
  public let imagesPerSecond: Double
  /// An estimate from this run's speed so far.
  public let remainingSeconds: Double
}

/// Turns the outcomes of steps into progress.
struct ProgressMeter {
  private let stage: String
  private let totalSteps: Int
  private let firstStep: Int
  private let start = DispatchTime.now()
  private var loss = 0.0
  private var accuracy = 0.0
  private var weight = 0.0
  private var imageCount = 0

  init(stage: String, step: Int, of totalSteps: Int) {
    self.stage = stage
    self.totalSteps = totalSteps
    firstStep = step
  }

  var seconds: Double {
    Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) * 1e-9
  }

  /// - Parameter step: how many steps were made, this one included.
  mutating func record(
    step: Int, loss: Double, accuracy: Double, imageCount: Int
  ) -> TrainingProgress {
    let kept = 0.98
    weight = weight * kept + (1 - kept)
    self.loss = self.loss * kept + loss * (1 - kept)
    self.accuracy = self.accuracy * kept + accuracy * (1 - kept)
    self.imageCount += imageCount
    let perStep = seconds / Double(step - firstStep)
    return TrainingProgress(
      stage: stage, step: step, totalSteps: totalSteps, loss: self.loss / weight,
      accuracy: self.accuracy / weight, imagesPerSecond: Double(self.imageCount) / seconds,
      remainingSeconds: perStep * Double(totalSteps - step))
  }
}
