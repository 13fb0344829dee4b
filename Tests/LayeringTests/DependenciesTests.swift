import Foundation
import Testing

@Suite("The list of dependencies")
struct DependenciesTests {
  private let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("Every package and system library of Package.swift has a row with version and licence")
  func complete() throws {
    let package = try String(contentsOf: checkout.appending(path: "Package.swift"), encoding: .utf8)
    let list = try String(
      contentsOf: checkout.appending(path: "docs/dependencies.md"), encoding: .utf8
    ).split(separator: "\n").filter { $0.hasPrefix("| ") }.map { $0.lowercased() }
    let packages = package.matches(of: #/url: "https://[^"]*/(?<name>[^"/]+)"/#).map(\.output.name)
    let libraries = package.matches(of: #/\.systemLibrary\(\s*name: "C(?<name>\w+)"/#)
      .map(\.output.name)
    #expect(packages.count > 3 && libraries.count > 5, "\(packages) \(libraries)")
    // What the modules of Swift are called that stand for libraries of other names.
    let names = ["blas": "openblas", "jpeg": "libjpeg", "archive": "libarchive", "mpi": "open mpi"]
    for name in (packages + libraries).map({ $0.lowercased() }) {
      let row = try #require(list.first { $0.contains(names[name] ?? name) }, "no row of \(name)")
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(cells.count == 4 && cells[2].contains(where: \.isNumber), "\(row)")
    }
  }
}
