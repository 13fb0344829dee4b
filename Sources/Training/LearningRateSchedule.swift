internal import Foundation

/// A linear warm-up to the peak, then half a cosine down to a share of it.
public struct LearningRateSchedule: Sendable, Hashable {
  public let peak: Double
  public let warmupSteps: Int
  public let totalSteps: Int
  /// What is left of the peak at the end.
  public let finalShare: Double

  public init(peak: Double, warmupSteps: Int, totalSteps: Int, finalShare: Double = 0) {
    precondition(totalSteps > 0 && (0...totalSteps).contains(warmupSteps), "a warm-up that ends")
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.finalShare = finalShare
  }

  /// The learning rate of step `0..<totalSteps`.
  public func rate(at step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step + 1) / Double(warmupSteps) }
    let progress = Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
    let share = finalShare + (1 - finalShare) * 0.5 * (1 + cos(.pi * min(1, progress)))
    return peak * share
  }
}
