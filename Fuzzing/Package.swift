// swift-tools-version: 6.2
import PackageDescription

// Built by script/fuzz, which passes the sanitizers to every target and links libFuzzer.
let package = Package(
  name: "Fuzzing",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "MergeShift", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzzing",
      dependencies: ["Evaluation", "Launching", "Reports", "Training"].map {
        .product(name: $0, package: "MergeShift")
      },
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
