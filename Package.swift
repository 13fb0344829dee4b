// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every Swift target: language mode 6, explicit imports and existentials,
/// unsafe code marked, no warnings.
let checked: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// The layers, bottom up. A target imports only what stands above it in this list;
/// `Tests/LayeringTests` holds the sources against the same table.
let layers: [Target] = [
  // L0: no dependencies but system libraries
  .systemLibrary(
    name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
  .systemLibrary(
    name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
  .systemLibrary(
    name: "CBLAS", pkgConfig: "openblas",
    providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
  .systemLibrary(
    name: "CXXHash", pkgConfig: "libxxhash",
    providers: [.apt(["libxxhash-dev"]), .brew(["xxhash"])]),
  .systemLibrary(
    name: "CArchive", pkgConfig: "libarchive",
    providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
  .systemLibrary(
    name: "CZLib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
  .target(name: "CCodecShims", dependencies: ["CPNG", "CJPEG"]),
  .target(name: "CVectors"),
  .target(name: "CMemory"),
  .target(name: "CRandom", dependencies: ["CVectors"]),
  .target(name: "CKernels", dependencies: ["CVectors"]),
  .target(name: "CResample", dependencies: ["CVectors"]),
  .target(name: "CFilters", dependencies: ["CVectors"]),
  room("TensorCore", ["CMemory", "CRandom", "CXXHash"]),
  // L1: files, kernels, statistics
  room("Kernels", ["TensorCore", "CKernels", "CBLAS"]),
  room("Checkpoints", ["TensorCore"]),
  room("Imaging", ["TensorCore", "CCodecShims", "CResample"]),
  room("Archives", ["CArchive", "CZLib"]),
  room("Configuration", [.product(name: "Yams", package: "Yams")]),
  room("Statistics", ["TensorCore"]),
  // L2: models, corruptions, streams, results
  room("VisionModels", ["TensorCore", "Kernels", "Checkpoints"]),
  room(
    "TextModels", ["TensorCore", "Kernels", "Checkpoints", "Configuration", "VisionModels"]),
  room("Corruptions", ["TensorCore", "Imaging", "Configuration", "CFilters"]),
  room("Streams", ["TensorCore", "Archives", "Configuration"]),
  room("Results", ["TensorCore", "Statistics"]),
  // L3: data sets as they lie on disk, merging
  room("Datasets", ["TensorCore", "Imaging", "Archives", "Configuration", "Streams"]),
  room("Merging", ["TensorCore", "Kernels", "Checkpoints", "VisionModels", "Configuration"]),
  // L4: evaluation, training, sharing work out to a cluster, parity with PyTorch
  room(
    "Evaluation",
    [
      "TensorCore", "Imaging", "Configuration", "Checkpoints", "VisionModels", "Corruptions",
      "Streams", "Datasets", "Results", "Merging", "Statistics",
      .product(name: "Logging", package: "swift-log"),
    ]),
  room(
    "Training",
    [
      "TensorCore", "Kernels", "Checkpoints", "Imaging", "Configuration", "VisionModels",
      "Streams", "Datasets",
    ]),
  room("Launching", ["Results"]),
  room("Parity", ["TensorCore", "Checkpoints", "VisionModels", "Merging"]),
  // L5: the embedded suite
  room(
    "Suites",
    [
      "TensorCore", "Imaging", "Checkpoints", "VisionModels", "Streams", "Datasets", "Training",
      "Evaluation",
    ]),
  // L6: the command line
  .executableTarget(
    name: "mergeshift",
    dependencies: [
      "TensorCore", "Checkpoints", "Imaging", "Archives", "Configuration", "VisionModels",
      "TextModels", "Corruptions", "Streams", "Datasets", "Results", "Merging", "Evaluation",
      "Training", "Launching", "Parity", "Suites",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "Logging", package: "swift-log"),
    ],
    swiftSettings: checked),
]

let tests: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["TensorCore", "Checkpoints", "Imaging"],
    path: "Tests/TestSupport", swiftSettings: checked),
  tests("TensorCore"),
  tests("Kernels", ["TensorCore"]),
  tests("Checkpoints", ["TensorCore"]),
  tests("Imaging", ["TensorCore"]),
  tests("Archives", hasGoldens: false),
  tests("Configuration"),
  tests("VisionModels", ["TensorCore", "Kernels", "Checkpoints"]),
  tests(
    "TextModels", ["TensorCore", "Kernels", "Checkpoints", "Configuration", "VisionModels"]),
  tests("Corruptions", ["TensorCore", "Imaging", "Configuration"]),
  tests("Streams", ["TensorCore", "Configuration"]),
  tests("Datasets", ["TensorCore", "Imaging", "Archives", "Configuration", "Streams"]),
  tests("Statistics", ["TensorCore"]),
  tests("Results", ["TensorCore", "Statistics", .product(name: "SwiftCSV", package: "SwiftCSV")]),
  tests("Merging", ["TensorCore", "Kernels", "Checkpoints", "VisionModels", "Configuration"]),
  tests(
    "Evaluation",
    [
      "TensorCore", "Imaging", "Configuration", "Checkpoints", "VisionModels", "Corruptions",
      "Streams", "Datasets", "Results", "Merging", "Statistics",
    ]),
  tests("Launching", ["Results"], hasGoldens: false),
  tests("Parity"),
  tests(
    "Training", ["TensorCore", "Checkpoints", "Imaging", "VisionModels", "Streams", "Datasets"]),
  tests(
    "Suites", ["TensorCore", "Imaging", "Checkpoints", "VisionModels", "Streams", "Datasets"]),
  .testTarget(
    name: "CommandLineTests", dependencies: ["TestSupport", "Imaging", "mergeshift"],
    swiftSettings: checked),
  .testTarget(name: "LayeringTests", swiftSettings: checked),
]

let package = Package(
  name: "MergeShift",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "mergeshift", targets: ["mergeshift"]),
    .library(name: "Corruptions", targets: ["Corruptions", "Imaging"]),
    .library(name: "VisionModels", targets: ["VisionModels", "Checkpoints"]),
    .library(name: "Merging", targets: ["Merging"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: layers + tests,
  cLanguageStandard: .gnu17
)

/// A library target of `Sources/` with the project's settings.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: checked)
}

/// The tests that mirror the target `name`; if they have goldens, in a `Goldens` folder beside them.
func tests(
  _ name: String, _ others: [Target.Dependency] = [], hasGoldens: Bool = true
) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.init(stringLiteral: name), "TestSupport"] + others,
    exclude: hasGoldens ? ["Goldens"] : [],
    swiftSettings: checked)
}
