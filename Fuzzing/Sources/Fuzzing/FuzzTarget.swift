/// A reader of foreign bytes, and what has to hold of it whatever they are.
struct FuzzTarget: Sendable {
  /// As `script/fuzz` takes it.
  let name: String
  let run: @Sendable ([UInt8]) -> Void

  static let all: [FuzzTarget] =
    images + checkpoints + configurations + datasets + runs + reports

  /// Runs `work`, whose refusal has to be told in words that name the input.
  ///
  /// - Returns: nil if the input was refused.
  static func accepted<Value>(_ name: String, _ work: () throws -> Value) -> Value? {
    do {
      return try work()
    } catch {
      let message = "\(error)"
      precondition(message.contains(name), "a message without the input's name: \(message)")
      precondition(message.count > name.count + 8, "a message without a reason: \(message)")
      return nil
    }
  }
}
