extension DecodingError {
  /// What is wrong with a file of JSON, and where in it.
  public var reason: String {
    switch self {
    case .keyNotFound(let key, let context):
      Self.text(context.codingPath, "it has no '\(key.stringValue)'")
    case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
      Self.text(context.codingPath, context.debugDescription)
    @unknown default: "\(self)"
    }
  }

  private static func text(_ path: [any CodingKey], _ problem: String) -> String {
    (path.map(\.stringValue) + [problem]).joined(separator: ": ")
  }
}
