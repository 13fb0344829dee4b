internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Why the system did not do something with a file, for messages.
package enum FileReason {
  /// What the system says, as "No space left on device": Foundation's own texts leave it out.
  package static func of(_ error: any Error) -> String {
    let code = (error as? POSIXError) ?? (error as? CocoaError)?.underlying as? POSIXError
    guard let code else { return error.localizedDescription }
    return unsafe String(cString: strerror(code.code.rawValue))
  }
}
