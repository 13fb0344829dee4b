internal import Foundation

/// Why the system did not do something with a file, for messages.
package enum FileReason {
  /// What the system says, as "No space left on device": Foundation's own texts leave it out. An error of
  /// ours has its own words.
  package static func of(_ error: any Error) -> String {
    if let code = (error as? POSIXError)?.code.rawValue { return text(code) }
    // Foundation has it below its own error, in one of two forms.
    if let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code.rawValue {
      return text(code)
    }
    guard (error as NSError).domain.hasPrefix("NS") else { return "\(error)" }
    let below = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let below, below.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return text(Int32(below.code))
  }

  /// What the system says of an error number.
  static func text(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
