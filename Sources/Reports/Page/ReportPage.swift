internal import Foundation
internal import Mustache

/// One HTML file with everything inside: style, script, charts and images. It loads nothing, and
/// its security policy forbids it to.
package struct ReportPage: Sendable {
  private let library: MustacheLibrary

  package init() {
    MustacheContentTypes.register(MarkupContent(), named: "MARKUP")
    do {
      library = MustacheLibrary(templates: [
        "page": try MustacheTemplate(string: Self.text(PackageResources.page_mustache)),
        "block": try MustacheTemplate(string: Self.text(PackageResources.block_mustache)),
        "tables": try MustacheTemplate(string: Self.text(PackageResources.tables_mustache)),
        "figure": try MustacheTemplate(string: Self.text(PackageResources.figure_mustache)),
      ])
    } catch {
      preconditionFailure("the page's templates: \(error)")
    }
  }

  package func html(_ report: Report) -> String {
    library.render(PageView(report), withTemplate: "page")!
  }

  package static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// The style sheet with the colours of both themes.
  package static let style: String = {
    let (light, dark) = (Palette.light.variables, Palette.dark.variables)
    let darkRoom =
      "--card: #1e242c; --line: #3a424d; --link: #7ab8ff; --focus: #58a6ff; "
      + "--warn: #33260f; --warn-line: #e3a03a; --header: #171b21; color-scheme: dark;"
    return """
      \(text(PackageResources.report_css))
      :root { \(light) }
      @media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { \(dark) \(darkRoom) } }
      :root[data-theme=dark] { \(dark) \(darkRoom) }

      """
  }()

  package static var script: String { text(PackageResources.report_js) }

  /// No source but the page itself: this style sheet, this script, images inside.
  package static var policy: String {
    "default-src 'none'; style-src 'sha256-\(SHA256.base64(of: style.utf8))'; "
      + "script-src 'sha256-\(SHA256.base64(of: script.utf8))'; img-src data:; "
      + "base-uri 'none'; form-action 'none'"
  }

  /// Mustache's own escaping goes by characters; this one by scalars, see `Markup`.
  private struct MarkupContent: MustacheContentType {
    func escapeText(_ text: String) -> String { Markup.escaped(text) }
  }
}
