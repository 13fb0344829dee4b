/// Collects what is wrong with a file while the rest of it is read, so that all is told at once.
///
///     var problems = ConfigurationProblems()
///     let steps = problems.value(try reader.int("steps", in: 0...100), default: 10)
///     problems.check { () throws(ConfigurationError) in try reader.finish() }
///     if let error = problems.error { throw error }
public struct ConfigurationProblems: Sendable {
  /// Each by itself, in the order in which they were found.
  public private(set) var all: [ConfigurationError] = []

  public init() {}

  /// All of them as one; nil if nothing is wrong.
  public var error: ConfigurationError? { .joined(all) }

  public mutating func add(_ error: ConfigurationError) {
    guard case .several(let errors) = error else { return all.append(error) }
    for error in errors { add(error) }
  }

  /// What `read` gives; nil if it throws, and the reason is kept.
  public mutating func value<Value>(
    _ read: @autoclosure () throws(ConfigurationError) -> Value
  ) -> Value? {
    do {
      return try read()
    } catch {
      add(error)
      return nil
    }
  }

  /// What `read` gives; `value` if it throws, and the reason is kept.
  public mutating func value<Value>(
    _ read: @autoclosure () throws(ConfigurationError) -> Value, default value: Value
  ) -> Value {
    do {
      return try read()
    } catch {
      add(error)
      return value
    }
  }

  /// Does `work`; if it throws, the reason is kept.
  public mutating func check(_ work: () throws(ConfigurationError) -> Void) {
    do {
      try work()
    } catch {
      add(error)
    }
  }
}
