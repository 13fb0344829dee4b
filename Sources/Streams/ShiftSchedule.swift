internal import TensorCore

/// A stretch of a stream: the domains that its images are under. Of several domains each image draws
/// its own, by a generator keyed by seed and sample, so that an image has the same domain whenever
/// and wherever the phase shows it.
public struct ShiftPhase: Hashable, Sendable {
  /// At least one, each once.
  public let domains: [Domain]

  /// All images under one domain.
  public init(_ domain: Domain) {
    domains = [domain]
  }

  /// Each image under one of `domains`, all equally likely.
  public init(mixing domains: [Domain]) {
    precondition(
      !domains.isEmpty && Set(domains).count == domains.count, "domains, each of them once")
    self.domains = domains
  }

  /// The domain of all images; nil if they draw theirs.
  public var domain: Domain? { domains.count == 1 ? domains[0] : nil }

  /// What results call the corruption of images that draw their domains.
  public static let mixedName = "mixed"
  /// The corruption's name, `clean`, or `mixed`.
  public var name: String { domain?.name ?? Self.mixedName }

  /// The domain of one image.
  ///
  /// - Parameter seed: the run's seed.
  public func domain(of sample: SampleID, seed: UInt64) -> Domain {
    if let domain { return domain }
    var random = KeyedRandom(seed: seed, "mixed shift", sample.text)
    return domains[random.integer(in: 0..<domains.count)]
  }

  /// As results write it: `fog-3`, `mixed(clean+fog-3)`.
  public var text: String {
    domain?.text ?? "mixed(\(domains.map(\.text).joined(separator: "+")))"
  }
}

/// How the images of a stream shift while it goes on: its phases, one after another.
public struct ShiftSchedule: Hashable, Sendable {
  /// At least one.
  public let phases: [ShiftPhase]
  /// As results write it: `clean`, `fog-3`, `continual(fog-3>snow-3)`.
  public let text: String

  private init(_ phases: [ShiftPhase], text: String) {
    precondition(!phases.isEmpty, "a stream has a phase")
    self.phases = phases
    self.text = text
  }

  /// One phase.
  public init(_ phase: ShiftPhase) {
    self.init([phase], text: phase.text)
  }

  /// One domain from beginning to end.
  public static func constant(_ domain: Domain) -> ShiftSchedule {
    ShiftSchedule(ShiftPhase(domain))
  }

  /// Each image draws its domain.
  public static func mixed(_ domains: [Domain]) -> ShiftSchedule {
    ShiftSchedule(ShiftPhase(mixing: domains))
  }

  /// A corruption that grows from severity 1 to 5 and goes back to 1 (the gradual shift of CoTTA,
  /// Wang et al., CVPR 2022): nine phases.
  public static func ramp(_ corruption: String) -> ShiftSchedule {
    let severities: [Severity] = [1, 2, 3, 4, 5, 4, 3, 2, 1]
    return ShiftSchedule(
      severities.map { ShiftPhase(Domain(corruption: corruption, severity: $0)) },
      text: "ramp(\(corruption))")
  }

  /// One domain after another; what adapts is not reset between them.
  public static func continual(_ domains: [Domain]) -> ShiftSchedule {
    ShiftSchedule(domains.map { ShiftPhase($0) }, text: "continual(\(sequence(domains)))")
  }

  /// The same, `rounds` times.
  public static func recurring(_ domains: [Domain], rounds: Int) -> ShiftSchedule {
    precondition(rounds > 0, "a round")
    let phases = (0..<rounds).flatMap { _ in domains.map { ShiftPhase($0) } }
    return ShiftSchedule(phases, text: "recurring(\(sequence(domains)))*\(rounds)")
  }

  /// The phases that differ, in the order in which they come first.
  public var distinctPhases: [ShiftPhase] {
    var found: [ShiftPhase] = []
    for phase in phases where !found.contains(phase) { found.append(phase) }
    return found
  }

  private static func sequence(_ domains: [Domain]) -> String {
    domains.map(\.text).joined(separator: ">")
  }
}
