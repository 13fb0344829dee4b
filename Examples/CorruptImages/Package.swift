// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "CorruptImages",
  platforms: [.macOS(.v26)],
  dependencies: [
    // From outside this repository: .package(url: "https://...", branch: "main")
    .package(name: "MergeShift", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "CorruptImages",
      dependencies: [.product(name: "Corruptions", package: "MergeShift")],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
