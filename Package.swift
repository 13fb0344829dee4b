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
  .systemLibrary(
    name: "CMPI", pkgConfig: Context.environment["MERGESHIFT_MPI"] ?? "ompi-c",
    providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
  .target(name: "CCodecShims", dependencies: ["CPNG", "CJPEG"]),
  .target(name: "CVectors"),
  .target(name: "CMemory"),
  .target(name: "CRandom", dependencies: ["CVectors"]),
  .target(name: "CKernels", dependencies: ["CVectors"]),
  .target(name: "CProducts"),
  .target(name: "CResample", dependencies: ["CVectors"]),
  .target(name: "CFilters", dependencies: ["CVectors"]),
  room("TensorCore", ["CMemory", "CRandom", "CXXHash"]),
  room("Inputs", ["TensorCore"]),
  // L1: files, kernels, statistics
  room("Kernels", ["TensorCore", "CKernels", "CProducts", "CBLAS"]),
  room("Checkpoints", ["TensorCore", "Inputs"]),
  room("Imaging", ["TensorCore", "Inputs", "CCodecShims", "CResample"]),
  room("Archives", ["TensorCore", "Inputs", "CArchive", "CZLib"]),
  room("Configuration", ["Inputs", .product(name: "Yams", package: "Yams")]),
  room("Statistics", ["TensorCore"]),
  room("Communication", [.target(name: "CMPI", condition: .when(traits: ["MPI"]))]),
  // L2: models, corruptions, streams, results
  room("VisionModels", ["TensorCore", "Inputs", "Kernels", "Checkpoints"]),
  room(
    "TextModels",
    ["TensorCore", "Inputs", "Kernels", "Checkpoints", "Configuration", "VisionModels"]),
  room("Corruptions", ["TensorCore", "Inputs", "Imaging", "Configuration", "CFilters"]),
  room("Streams", ["TensorCore", "Inputs", "Archives", "Configuration"]),
  room("Results", ["TensorCore", "Inputs", "Statistics"]),
  // L3: data sets as they lie on disk, merging
  room(
    "Datasets", ["TensorCore", "Inputs", "Imaging", "Archives", "Configuration", "Streams"]),
  room(
    "Merging",
    [
      "TensorCore", "Inputs", "Kernels", "Checkpoints", "VisionModels", "Configuration",
      "Communication",
    ]),
  // L4: evaluation, training, sharing work out to a cluster, parity with PyTorch
  room(
    "Evaluation",
    [
      "TensorCore", "Inputs", "Imaging", "Configuration", "Checkpoints", "VisionModels",
      "Corruptions", "Streams", "Datasets", "Results", "Merging", "Statistics", "Communication",
      .product(name: "Logging", package: "swift-log"),
    ]),
  room(
    "Training",
    [
      "TensorCore", "Inputs", "Kernels", "Checkpoints", "Imaging", "Configuration",
      "VisionModels", "Streams", "Datasets",
    ]),
  room("Launching", ["TensorCore", "Results"]),
  room("Parity", ["TensorCore", "Inputs", "Checkpoints", "VisionModels", "Merging"]),
  // What comes of results: tables, figures, a page
  .target(
    name: "Reports",
    dependencies: [
      "TensorCore", "Inputs", "Statistics", "Results",
      .product(name: "Mustache", package: "swift-mustache"),
    ],
    resources: [.embedInCode("Page/Resources")], swiftSettings: checked),
  // L5: the embedded suite
  room(
    "Suites",
    [
      "TensorCore", "Inputs", "Imaging", "Checkpoints", "VisionModels", "Streams", "Datasets",
      "Training", "Evaluation",
    ]),
  // L6: the command line
  .executableTarget(
    name: "mergeshift",
    dependencies: [
      "TensorCore", "Inputs", "Checkpoints", "Imaging", "Archives", "Configuration",
      "VisionModels", "TextModels", "Corruptions", "Streams", "Datasets", "Results", "Merging",
      "Evaluation", "Training", "Launching", "Parity", "Reports", "Suites", "Communication",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "Logging", package: "swift-log"),
    ],
    swiftSettings: checked),
]

let tests: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["TensorCore", "Checkpoints", "Imaging", "Communication"],
    path: "Tests/TestSupport", swiftSettings: checked),
  tests("TensorCore"),
  tests("Inputs", hasGoldens: false),
  tests("Kernels", ["TensorCore"]),
  tests("Checkpoints", ["TensorCore"]),
  tests("Imaging", ["TensorCore", "Inputs"]),
  tests("Archives", hasGoldens: false),
  tests("Configuration"),
  tests("Communication", hasGoldens: false),
  tests("VisionModels", ["TensorCore", "Kernels", "Checkpoints"]),
  tests(
    "TextModels", ["TensorCore", "Kernels", "Checkpoints", "Configuration", "VisionModels"]),
  tests("Corruptions", ["TensorCore", "Imaging", "Configuration"]),
  tests("Streams", ["TensorCore", "Archives", "Configuration"]),
  tests("Datasets", ["TensorCore", "Imaging", "Archives", "Configuration", "Streams"]),
  tests("Statistics", ["TensorCore"]),
  tests("Results", ["TensorCore", "Statistics", .product(name: "SwiftCSV", package: "SwiftCSV")]),
  tests(
    "Merging",
    ["TensorCore", "Kernels", "Checkpoints", "VisionModels", "Configuration", "Communication"]),
  tests(
    "Evaluation",
    [
      "TensorCore", "Imaging", "Configuration", "Checkpoints", "VisionModels", "Corruptions",
      "Streams", "Datasets", "Results", "Merging", "Statistics", "Communication",
    ]),
  tests("Launching", ["Results"], hasGoldens: false),
  tests("Parity"),
  tests("Reports", [.product(name: "SwiftCSV", package: "SwiftCSV")]),
  tests(
    "Training", ["TensorCore", "Checkpoints", "Imaging", "VisionModels", "Streams", "Datasets"]),
  tests(
    "Suites", ["TensorCore", "Imaging", "Checkpoints", "VisionModels", "Streams", "Datasets"]),
  .testTarget(
    name: "CommandLineTests", dependencies: ["TestSupport", "Imaging", "mergeshift"],
    swiftSettings: checked),
  .testTarget(
    name: "CorpusTests",
    dependencies: [
      "TestSupport", "TensorCore", "Imaging", "Checkpoints", "VisionModels", "Archives",
      "Configuration", "Corruptions", "Streams", "Datasets", "Merging", "Evaluation",
    ], swiftSettings: checked),
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
    .library(
      name: "Evaluation",
      targets: [
        "Evaluation", "TextModels", "Datasets", "Streams", "Archives", "Configuration", "Merging",
        "VisionModels", "Checkpoints", "Corruptions", "Imaging", "Inputs", "TensorCore", "Results",
      ]),
    .library(name: "Launching", targets: ["Launching", "Results"]),
    .library(name: "Reports", targets: ["Reports", "Results"]),
    .library(name: "Training", targets: ["Training", "Checkpoints"]),
  ],
  traits: [
    .trait(
      name: "MPI",
      description: """
        One adaptation over many processes by MPI. Needs Open MPI, or the library whose pkg-config \
        module MERGESHIFT_MPI names.
        """)
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
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
