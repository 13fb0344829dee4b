public import Merging
public import Streams

/// What is evaluated: the images of one phase, or those of them that a selection takes.
public struct EvaluationStream: Hashable, Sendable {
  public let phase: ShiftPhase
  public let selection: SelectionPlan

  public init(_ phase: ShiftPhase, selection: SelectionPlan = .all) {
    self.phase = phase
    self.selection = selection
  }

  /// As results write it: `fog-3/second-half`.
  public var text: String { ([phase.text] + selection.texts).joined(separator: "/") }
}

/// What is adapted once, however many cells evaluate it: a method on the stream of the seen tasks.
public struct Adaptation: Hashable, Sendable {
  public let method: MethodChoice
  public let seen: [String]
  /// Nil for a method that does not adapt.
  public let stream: StreamPlan?
  public let settings: AdaMergingSettings
  public let profile: String
  public let seed: UInt64
}

/// One method, adapted to one stream and evaluated on another, on a set of tasks with one seed: what
/// is computed, cached and recorded as a whole.
public struct Cell: Hashable, Sendable {
  /// The name of the experiment that asks for it. Like `protocolName` not part of what determines the
  /// result: cells of two experiments that agree otherwise are computed once.
  public let experiment: String
  public let protocolName: ShiftProtocol
  public let adaptation: Adaptation
  /// Evaluated besides the seen tasks.
  public let unseen: [String]
  public let evaluate: EvaluationStream
  /// Whether the images of the adaptation itself are evaluated, while it goes on.
  public let online: OnlineOrder?
  /// Finished phases of the adapted stream when it is evaluated, from 1; nil: all, at its end.
  public let boundary: Int?

  public var method: MethodChoice { adaptation.method }
  public var seen: [String] { adaptation.seen }
  public var seed: UInt64 { adaptation.seed }
  public var profile: String { adaptation.profile }
  public var tasks: [String] { seen + unseen }

  /// The domain of what is evaluated; nil if each image has its own.
  public var domain: Domain? { evaluate.phase.domain }

  /// As results write it; `none` for a method that does not adapt.
  public var adaptText: String {
    guard let stream = adaptation.stream else { return "none" }
    return ([stream.text] + (online.map { [$0.rawValue] } ?? [])).joined(separator: "/")
  }

  /// For messages: `ties (lambda=0.4) on fog-3`, `adamerging-layerwise from clean on fog-3`.
  public var title: String {
    let origin =
      adaptation.stream == nil || adaptText == evaluate.text ? "" : " from \(adaptText)"
    return "\(method.title)\(origin) on \(evaluate.text)"
      + (boundary.map { " after phase \($0)" } ?? "")
  }
}
