import Archives
import Datasets
import Foundation
import Imaging
import Streams
import TestSupport

extension BadInput {
  static let datasets = folders + manifests + idx + archives + matlab

  private static let pixel = PNGFile(width: 1, height: 1).bytes

  private static func dataset(
    _ name: String, _ layout: DatasetLayout, file: String, says: String,
    make: @escaping @Sendable (TemporaryFolder) throws -> Void
  ) -> BadInput {
    BadInput(
      name, file: file, says: says, make: make,
      read: { folder in
        _ = try DatasetSource("\(folder.path)/data", layout: layout).load(name: "task")
      })
  }

  private static let folders: [BadInput] = [
    dataset(
      "A folder of images without classes", .folder, file: "data", says: "has no folders in it"
    ) { folder in
      try folder.write(pixel, to: "data/a.png")
    },
    dataset("Empty class folders", .folder, file: "data", says: "holds no image") { folder in
      for name in ["a", "b"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder.path)/data/\(name)", withIntermediateDirectories: true)
      }
    },
    dataset("Class folders of texts", .folder, file: "data", says: "holds no image") { folder in
      try folder.write("a", to: "data/a/readme.txt")
    },
    BadInput(
      "A data set of nothing but unreadable images, which are to be skipped", file: "a.png",
      says: "none of its 2 images can be read",
      make: { folder in
        try folder.write("no image", to: "data/x/a.png")
        try folder.write("", to: "data/y/b.png")
      },
      read: { folder in
        _ = try DatasetSource("\(folder.path)/data", layout: .folder).load(name: "t").readable()
      }),
  ]

  private static let manifests: [BadInput] = [
    (
      "A manifest without its columns", "image,class\na.png,x\n",
      "the first line has to name the columns"
    ),
    ("A manifest that is empty", "", "the first line has to name the columns"),
    ("A manifest of its header alone", "path,label\n", "holds no image"),
    ("A manifest with a field too many", "path,label\na.png,x,y\n", "manifest.csv:2: 3 fields"),
    (
      "A manifest with a quote that is not closed", "path,label\n\"a.png,x\n",
      "manifest.csv:2: a quote is not closed"
    ),
    (
      "A manifest with text after a quote", "path,label\n\"a.png\"b,x\n",
      "manifest.csv:2: text after"
    ),
    (
      "A manifest with an empty label", "path,label\na.png,\n",
      "manifest.csv:2: the path or the label is empty"
    ),
    (
      "A manifest with an image twice", "path,label\na.png,x\na.png,y\n",
      "manifest.csv:3: a.png is listed twice"
    ),
    (
      "A manifest with a formula for a path", "path,label\n\"=HYPERLINK(\"\"http://x\"\")\",x\n",
      "manifest.csv:2: no such image"
    ),
    ("A manifest with a zero byte in a path", "path,label\na\u{0}b.png,x\n", "manifest.csv:2"),
  ].map { name, text, says in
    BadInput(
      name, file: "manifest.csv", says: says,
      make: { folder in
        try folder.write(pixel, to: "a.png")
        try folder.write(text, to: "manifest.csv")
      }, read: { folder in _ = try Manifest.load("\(folder.path)/manifest.csv", name: "task") })
  }

  private static let idx: [BadInput] = {
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 0, 1]
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6]
    func input(_ name: String, _ images: [UInt8], _ labels: [UInt8] = labels, says: String)
      -> BadInput
    {
      dataset(name, .idx, file: "t10k-", says: says) { folder in
        try folder.write(images, to: "data/t10k-images-idx3-ubyte")
        try folder.write(labels, to: "data/t10k-labels-idx1-ubyte")
      }
    }
    return [
      input(
        "IDX cut off inside its header", Array(images[..<7]), says: "cut off inside its header"),
      input("IDX cut off inside its images", Array(images[..<17]), says: "is cut off"),
      input("IDX of floats", [0, 0, 13] + images[3...], says: "begins with 00 00 0d 03"),
      input("IDX of other dimensions", Array(labels), says: "cut off inside its header"),
      input(
        "IDX of 2^96 pixels", [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12),
        says: "sizes beyond any file"),
      input(
        "IDX of images without pixels", [0, 0, 8, 3, 0, 0, 0, 2] + [UInt8](repeating: 0, count: 8),
        says: "images of 0 x 0 pixels"),
      input("IDX with a label too few", images, [0, 0, 8, 1, 0, 0, 0, 1, 0], says: "has 2 images"),
      input("IDX compressed and cut off", [0x1f, 0x8b, 8, 0, 0, 0], says: "cut off"),
      input("IDX that goes on after its end", images + [1], says: "goes on after its end"),
    ]
  }()

  /// A tar archive of one member with a header of the given name, type and size field.
  private static func tar(
    _ name: String, kind: Character = "0", size: String = "00000000003", link: String = ""
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    put(name, at: 0)
    put("0000644", at: 100)
    put(size, at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)
    put(String(kind), at: 156)
    put(link, at: 157)
    put("ustar", at: 257)
    put("00", at: 263)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", at: 148)
    return header + Array("abc".utf8) + [UInt8](repeating: 0, count: 509 + 1024)
  }

  private static let archives: [BadInput] = [
    ("Tar with an absolute path", tar("/etc/x.png"), "holds '/etc/x.png'"),
    ("Tar with a path that climbs", tar("a/../../x.png"), "holds 'a/../../x.png'"),
    (
      "Tar with a symbolic link", tar("x.png", kind: "2", size: "00000000000", link: "/etc/passwd"),
      "'x.png' is a link"
    ),
    (
      "Tar with a hard link", tar("x.png", kind: "1", size: "00000000000", link: "y.png"),
      "'x.png' is a link"
    ),
    (
      "Tar with a device", tar("x.png", kind: "3", size: "00000000000"),
      "'x.png' is a link or a device"
    ),
    (
      "Tar with a pipe", tar("x.png", kind: "6", size: "00000000000"),
      "'x.png' is a link or a device"
    ),
    (
      "Tar with a member of 8 GB less a byte", tar("x.png", size: "77777777777"),
      "'x.png' has 8589934591 bytes; at most"
    ),
    ("Tar cut off inside its header", Array(tar("x.png")[..<200]), "archive"),
    ("Tar cut off inside a member", Array(tar("x.cls")[..<514]), "data.tar"),
    (
      "Tar with a wrong checksum",
      {
        var bytes = tar("x.png")
        bytes[0] = 0x79
        return bytes
      }(), "archive"
    ),
    ("Tar of text", Array("This is no archive at all.\n".utf8), "archive"),
    ("Tar of an image without a class", tar("x.png"), "'x': has no class"),
  ].map { name, bytes, says in
    BadInput(
      name, file: "data.tar", says: says,
      make: { folder in try folder.write(bytes, to: "data.tar") },
      read: { folder in
        _ = try DatasetSource("\(folder.path)/data.tar", layout: .webdataset).load(name: "task")
      })
  }

  private static let matlab: [BadInput] = {
    let header =
      Array("MATLAB 5.0 MAT-file".utf8) + [UInt8](repeating: 0x20, count: 105) + [0, 1]
      + Array("IM".utf8)
    @Sendable func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    @Sendable func element(_ type: Int, _ content: [UInt8]) -> [UInt8] {
      little(type, 4) + little(content.count, 4) + content
        + [UInt8](repeating: 0, count: (8 - content.count % 8) % 8)
    }
    @Sendable func variable(_ code: UInt8, _ name: String, _ value: [UInt8]) -> [UInt8] {
      element(
        14,
        element(6, [code, 0, 0, 0, 0, 0, 0, 0]) + element(5, little(1, 4) + little(1, 4))
          + element(1, Array(name.utf8)) + value)
    }
    @Sendable func number(_ value: Double) -> [UInt8] {
      element(9, little(Int(bitPattern: UInt(value.bitPattern)), 8))
    }
    func cars(_ name: String, _ annotations: [UInt8], says: String) -> BadInput {
      dataset(name, .cars, file: "cars_test_annos_withlabels.mat", says: says) { folder in
        let className = element(
          14,
          element(6, [4, 0, 0, 0, 0, 0, 0, 0]) + element(5, little(1, 4) + little(1, 4))
            + element(1, []) + element(16, [0x78]))
        try folder.write(
          header + variable(1, "class_names", className), to: "data/devkit/cars_meta.mat")
        try folder.write(header + annotations, to: "data/cars_test_annos_withlabels.mat")
        try folder.write(pixel, to: "data/cars_test/a.png")
      }
    }
    /// One struct with the fields `fname` and `class`.
    func annotation(_ file: String, _ number: [UInt8], nameLength: [UInt8]) -> [UInt8] {
      func inner(_ code: UInt8, _ columns: Int, _ value: [UInt8]) -> [UInt8] {
        element(
          14,
          element(6, [code, 0, 0, 0, 0, 0, 0, 0])
            + element(5, little(1, 4) + little(columns, 4)) + element(1, []) + value)
      }
      let names = Array("fname\0\0\0class\0\0\0".utf8)
      return variable(
        2, "annotations",
        nameLength + element(1, names) + inner(4, file.utf8.count, element(16, Array(file.utf8)))
          + inner(6, 1, number))
    }
    let eight = element(5, little(8, 4))
    return [
      cars(
        "MATLAB names of fields of NaN bytes",
        annotation("a.png", number(1), nameLength: number(.nan)),
        says: "names of fields of a length"),
      cars(
        "MATLAB names of fields of 1e300 bytes",
        annotation("a.png", number(1), nameLength: number(1e300)),
        says: "names of fields of a length"),
      cars(
        "MATLAB class of -2^63", annotation("a.png", number(-0x1p63), nameLength: eight),
        says: "annotation 1"),
      cars(
        "MATLAB class of 0", annotation("a.png", number(0), nameLength: eight), says: "annotation 1"
      ),
      cars(
        "MATLAB class of 1.5", annotation("a.png", number(1.5), nameLength: eight),
        says: "annotation 1"),
      cars(
        "MATLAB file's name that climbs",
        annotation("../devkit/cars_meta.mat", number(1), nameLength: eight), says: "annotation 1"),
      cars(
        "MATLAB file cut off inside a tag", [14, 0, 0], says: "cut off inside a variable's tag"),
      cars("MATLAB file of no variable", element(5, [1]), says: "where a variable is expected"),
    ]
  }()
}
