/// How the images of several tasks follow one another.
public enum TaskMix: String, Hashable, Sendable, CaseIterable {
  /// A step takes the same number of batches of every task, as the published protocols do.
  case perTask = "per-task"
  /// Every image of a step draws its task, all equally likely; a step may leave a task out.
  case interleaved
  /// Every image of a step draws its task with the sizes of the test sets as weights.
  case proportional
}

/// What a stream is built from: everything but the images, the size of its batches and the seed.
public struct StreamPlan: Hashable, Sendable {
  public var shift: ShiftSchedule
  public var selection: SelectionPlan
  public var order: LabelOrder
  public var mix: TaskMix
  /// Whether each phase shows every image once and ends; otherwise it goes on for as many steps as
  /// the adaptation makes.
  public var isOnePass: Bool

  public init(
    _ shift: ShiftSchedule, selection: SelectionPlan = .all, order: LabelOrder = .shuffled,
    mix: TaskMix = .perTask, isOnePass: Bool = false
  ) {
    self.shift = shift
    self.selection = selection
    self.order = order
    self.mix = mix
    self.isOnePass = isOnePass
  }

  /// Short and stable, as results write it: `fog-3`, `fog-3/first-half`,
  /// `continual(fog-3>snow-3)/dirichlet=0.1/one-pass`.
  public var text: String {
    let parts =
      [shift.text] + selection.texts
      + [order.text, mix == .perTask ? "" : mix.rawValue, isOnePass ? "one-pass" : ""]
    return parts.filter { !$0.isEmpty }.joined(separator: "/")
  }
}
