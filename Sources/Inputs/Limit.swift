internal import TensorCore

/// How much of a foreign file is taken at most: a bound on memory, time or disk that a small hostile
/// file could otherwise ask for. Each has a standard value, far above what honest files need, and can
/// be set for the process.
public enum Limit: String, Sendable, CaseIterable {
  /// Width times height of an image, checked in its header; the standard is Pillow's.
  case imagePixels = "image-pixels"
  /// The size of a file that holds one image.
  case imageBytes = "image-bytes"
  /// The scans of a progressive JPEG, each of which may pass over all of the image.
  case jpegScans = "jpeg-scans"
  /// The JSON header of a safetensors file, or an index of shards; the standard is the format's.
  case headerBytes = "header-bytes"
  /// The pickle of a PyTorch file, without the tensors.
  case pickleBytes = "pickle-bytes"
  /// The values that a pickle may make.
  case pickleValues = "pickle-values"
  /// A YAML file: a plan, a suite, a recipe, prompts.
  case yamlBytes = "yaml-bytes"
  /// How deep lists and mappings of a YAML file lie in one another.
  case yamlDepth = "yaml-depth"
  /// The values of a YAML file with its aliases expanded.
  case yamlValues = "yaml-values"
  /// A file of JSON, a table of results, or a list of images: CSV or text.
  case textBytes = "text-bytes"
  /// A file in a tar archive that is read into memory.
  case memberBytes = "member-bytes"
  /// What a compressed file of data becomes on disk.
  case decompressedBytes = "decompressed-bytes"
  /// The classes of a data set or a head.
  case classes = "classes"
  /// The steps of a recipe, with those of the recipes that it builds on.
  case recipeSteps = "recipe-steps"

  public var standard: Int {
    switch self {
    case .imagePixels: 178_956_970
    case .imageBytes: 1 << 30
    case .jpegScans: 500
    case .headerBytes: 100_000_000
    case .pickleBytes: 64 << 20
    case .pickleValues: 1 << 22
    case .yamlBytes: 8 << 20
    case .yamlDepth: 64
    case .yamlValues: 1_000_000
    case .textBytes: 1 << 30
    case .memberBytes: 1 << 30
    case .decompressedBytes: 16 << 30
    case .classes: 100_000
    case .recipeSteps: 64
    }
  }

  /// What holds now: the standard unless `set` changed it.
  public var value: Int { Self.changed.withLock { $0[self] } ?? standard }

  /// Sets what holds from now on in this process.
  ///
  /// - Parameter value: at least 1.
  public func set(_ value: Int) {
    precondition(value > 0, "a limit lets something through")
    Self.changed.withLock { $0[self] = value }
  }

  private static let changed = Locked<[Limit: Int]>([:])
}
