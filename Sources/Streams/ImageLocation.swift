public import Archives

/// Where the image of a sample lies, not decoded. What its pixels are is for those to know who
/// decode; a stream hands locations on.
public enum ImageLocation: Hashable, Sendable, CustomStringConvertible {
  /// A file of its own, in one of the formats of images.
  case file(String)
  /// The same inside a larger file, as a member of a tar archive.
  case part(FilePart)
  /// Pixels as they are inside a file.
  case raster(FilePart, RasterShape)

  /// The file that holds the image.
  public var path: String {
    switch self {
    case .file(let path): path
    case .part(let part), .raster(let part, _): part.file.path
    }
  }

  /// For messages: the file, and what in it.
  public var description: String {
    switch self {
    case .file(let path): path
    case .part(let part), .raster(let part, _): part.description
    }
  }
}

/// A range of a file.
public struct FilePart: Hashable, Sendable, CustomStringConvertible {
  public let file: DataFile
  /// In bytes.
  public let offset: Int
  /// In bytes.
  public let count: Int
  /// What the file calls it, for messages.
  public let name: String

  public init(file: DataFile, offset: Int, count: Int, name: String) {
    self.file = file
    self.offset = offset
    self.count = count
    self.name = name
  }

  public var description: String { "\(file.path): \(name)" }

  public func bytes() throws(ArchiveError) -> [UInt8] {
    try file.bytes(offset..<offset + count)
  }
}

/// How the bytes of raw pixels lie, 8 bits a sample.
public struct RasterShape: Hashable, Sendable {
  public enum Order: String, Hashable, Sendable {
    /// One channel, rows from the top, pixels from the left.
    case greyRows
    /// Red, green and blue planes, one after another, each by columns from the left, pixels from the
    /// top: how MATLAB keeps [height, width, 3].
    case planesOfColumns
  }

  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  public let order: Order

  public init(width: Int, height: Int, order: Order) {
    self.width = width
    self.height = height
    self.order = order
  }

  /// The number of bytes.
  public var count: Int { width * height * (order == .greyRows ? 1 : 3) }
}
