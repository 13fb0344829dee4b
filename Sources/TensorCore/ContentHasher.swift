internal import CXXHash

/// The hash of a content that comes in parts: what `ContentHash` gives of all of them together.
@safe public final class ContentHasher {
  /// An `XXH3_state_t`.
  private let state: OpaquePointer

  public init() {
    guard let state = unsafe XXH3_createState() else { fatalError("no memory for a hash") }
    unsafe self.state = state
    unsafe XXH3_128bits_reset(state)
  }

  deinit { unsafe XXH3_freeState(state) }

  public func update(_ bytes: Span<UInt8>) {
    _ = unsafe bytes.withUnsafeBytes { unsafe XXH3_128bits_update(state, $0.baseAddress, $0.count) }
  }

  public func update(_ text: String) {
    var text = text
    _ = text.withUTF8 { unsafe XXH3_128bits_update(state, $0.baseAddress, $0.count) }
  }

  /// Of what came so far.
  public var hash: ContentHash {
    let hash = unsafe XXH3_128bits_digest(state)
    return ContentHash(high: hash.high64, low: hash.low64)
  }
}
