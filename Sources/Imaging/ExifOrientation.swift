/// How a stored image must be turned to stand upright: tag 274 of EXIF, numbered as there.
public enum ExifOrientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirrored
  case upsideDown
  case flipped
  case transposed
  case turnedLeft
  case transversed
  case turnedRight

  /// The orientation that a file's EXIF data states; nil if it states none that is lawful.
  public init?(inFile bytes: [UInt8], of format: ImageFormat) {
    let exif =
      switch format {
      case .jpeg: Self.exifSegment(ofJPEG: bytes)
      case .png: Self.exifChunk(ofPNG: bytes)
      case .pnm: ArraySlice<UInt8>?.none
      }
    guard let exif, let value = Self.orientationTag(ofTIFF: exif) else { return nil }
    self.init(rawValue: value)
  }

  private static func exifSegment(ofJPEG bytes: [UInt8]) -> ArraySlice<UInt8>? {
    let mark = Array("Exif".utf8) + [0, 0]
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xff {
      let marker = bytes[position + 1]
      if marker == 0xff {  // fill
        position += 1
        continue
      }
      if marker == 0xda || marker == 0xd9 { return nil }
      let end = position + 2 + (Int(bytes[position + 2]) << 8 | Int(bytes[position + 3]))
      guard end >= position + 4, end <= bytes.count else { return nil }
      let content = bytes[position + 4..<end]
      if marker == 0xe1, content.starts(with: mark) { return content.dropFirst(mark.count) }
      position = end
    }
    return nil
  }

  private static func exifChunk(ofPNG bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { return nil }
      if bytes[position + 4..<position + 8].elementsEqual("eXIf".utf8) {
        return bytes[position + 8..<position + 8 + length]
      }
      position += 12 + length
    }
    return nil
  }

  /// The value of tag 274 in the first directory of a TIFF structure.
  private static func orientationTag(ofTIFF tiff: ArraySlice<UInt8>) -> Int? {
    let bigEndian: Bool
    if tiff.starts(with: [0x4d, 0x4d]) {
      bigEndian = true
    } else if tiff.starts(with: [0x49, 0x49]) {
      bigEndian = false
    } else {
      return nil
    }
    func number(at offset: Int, bytes count: Int) -> Int? {
      guard offset >= 0, offset + count <= tiff.count else { return nil }
      let digits = tiff[tiff.startIndex + offset..<tiff.startIndex + offset + count]
      return bigEndian
        ? digits.reduce(0) { $0 << 8 | Int($1) } : digits.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, bytes: 4), let count = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<count {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(at: offset, bytes: 2) else { return nil }
      if tag == 274 { return number(at: offset + 8, bytes: 2) }
    }
    return nil
  }
}

extension PixelImage {
  /// The image, stored as `orientation` says, made upright: Pillow's `exif_transpose`.
  public func oriented(_ orientation: ExifOrientation) -> PixelImage {
    // Where in the stored image an upright pixel (x, y) lies.
    let swapsSides = orientation.rawValue >= 5
    let (newWidth, newHeight) = swapsSides ? (height, width) : (width, height)
    if orientation == .upright { return self }
    let pixels = [UInt8](capacity: self.pixels.count) { output in
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let (sourceX, sourceY) =
            switch orientation {
            case .upright: (x, y)
            case .mirrored: (width - 1 - x, y)
            case .upsideDown: (width - 1 - x, height - 1 - y)
            case .flipped: (x, height - 1 - y)
            case .transposed: (y, x)
            case .turnedLeft: (y, height - 1 - x)
            case .transversed: (width - 1 - y, height - 1 - x)
            case .turnedRight: (width - 1 - y, x)
            }
          let start = 3 * (sourceY * width + sourceX)
          for index in start..<start + 3 { output.append(self.pixels[index]) }
        }
      }
    }
    return PixelImage(width: newWidth, height: newHeight, pixels: pixels)
  }
}
