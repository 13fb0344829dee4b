import Foundation
import Imaging
import Testing

private let bulk = ["corrupt", "in", "out", "--corruption", "contrast,gaussian_noise"]

@Suite("Command: corrupt, many at once")
struct BulkCorruptTests {
  private func files(_ tool: Tool, _ folder: String) throws -> [String] {
    let paths = FileManager.default.enumerator(atPath: tool.path(folder))
    return (paths?.compactMap { $0 as? String } ?? []).filter { path in
      [".png", ".jpg", ".csv", ".cls", ".tar"].contains { path.hasSuffix($0) }
    }.sorted()
  }

  @Test("Corruptions and severities become ImageNet-C's folders, with a manifest")
  func layout() throws {
    try Tool.withFolder { tool in
      for name in ["cat/1.png", "dog/2.png"] { try tool.write(ring, "in/\(name)") }
      let outcome = try tool.run(bulk + ["--severity", "1,2.5", "--seed", "7"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        try files(tool, "out") == [
          "contrast/1/cat/1.png", "contrast/1/dog/2.png", "contrast/2.5/cat/1.png",
          "contrast/2.5/dog/2.png", "gaussian_noise/1/cat/1.png", "gaussian_noise/1/dog/2.png",
          "gaussian_noise/2.5/cat/1.png", "gaussian_noise/2.5/dog/2.png", "manifest.csv",
        ])
      let manifest = try String(contentsOfFile: tool.path("out/manifest.csv"), encoding: .utf8)
      let lines = manifest.split(separator: "\n")
      #expect(
        lines[0]
          == "path,source,corruption,severity,profile,seed,random,recipe,jpeg_quality,pixels")
      #expect(lines.count == 9 && lines[1...].sorted() == Array(lines[1...]))
      #expect(
        lines[3].hasPrefix(
          "contrast/2.5/cat/1.png,cat/1.png,contrast,2.5,imagecorruptions,7,keyed,"))
      // The same images as one at a time.
      let single = try tool.run(
        "corrupt", "in", "flat", "--flat", "--corruption", "gaussian_noise", "--severity", "2.5",
        "--seed", "7")
      #expect(single.status == 0)
      #expect(
        try tool.image("flat/dog/2.png") == tool.image("out/gaussian_noise/2.5/dog/2.png"))
    }
  }

  @Test("The same command goes on where it stopped, and refuses other settings")
  func resuming() throws {
    try Tool.withFolder { tool in
      for name in ["1.png", "2.png"] { try tool.write(ring, "in/\(name)") }
      #expect(try tool.run(bulk + ["--severity", "1-5"]).status == 0)
      let manifest = try String(contentsOfFile: tool.path("out/manifest.csv"), encoding: .utf8)
      // One image is gone; another's row was cut off.
      try FileManager.default.removeItem(atPath: tool.path("out/contrast/3/1.png"))
      try Data(manifest.utf8.dropLast(30)).write(to: URL(filePath: tool.path("out/manifest.csv")))
      try tool.write(ring, "out/gaussian_noise/5/2.png")
      let dry = try tool.run(bulk + ["--severity", "1-5", "--dry-run"])
      #expect(dry.output == "out/contrast/3/1.png\nout/gaussian_noise/5/2.png\n")
      #expect(dry.errors == "2 images to write, 18 there already\n")
      #expect(!tool.exists("out/contrast/3/1.png"))
      let second = try tool.run(bulk + ["--severity", "1-5"])
      #expect(second.status == 0 && second.errors.contains("; 18 were there already"))
      let again = try String(contentsOfFile: tool.path("out/manifest.csv"), encoding: .utf8)
      #expect(again == manifest)
      let other = try tool.run(bulk + ["--severity", "1-5", "--seed", "1"])
      #expect(other.status == 2)
      #expect(
        other.errors
          == "error: out/contrast/1/1.png: was made with seed '0', not '1'; give --overwrite or "
          + "another folder\n")
      #expect(try tool.run(bulk + ["--severity", "1", "--seed", "1", "--overwrite"]).status == 0)
    }
  }

  @Test("Names that a spreadsheet would run are texts in the manifest, and are found again")
  func formulas() throws {
    try Tool.withFolder { tool in
      for name in ["=1+1.png", "'=1.png", "+a/@b.png"] { try tool.write(ring, "in/\(name)") }
      let command = ["corrupt", "in", "out", "--corruption", "contrast", "--severity", "2"]
      #expect(try tool.run(command).status == 0)
      let manifest = try String(contentsOfFile: tool.path("out/manifest.csv"), encoding: .utf8)
      let sources = manifest.split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",")[1] }
      #expect(Set(sources) == ["'=1+1.png", "''=1.png", "'+a/@b.png"])
      let again = try tool.run(command)
      #expect(again.status == 0 && again.errors.contains("3 were there already"), "\(again.errors)")
      #expect(
        try String(contentsOfFile: tool.path("out/manifest.csv"), encoding: .utf8) == manifest)
      let verified = try tool.run("corruptions", "verify", "--against", "out", "--clean", "in")
      #expect(verified.status == 0, "\(verified.errors)")
    }
  }

  @Test("Files of strangers stay")
  func strangers() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in/1.png")
      try tool.write(ring, "out/contrast/1/1.png")
      let refused = try tool.run(bulk + ["--severity", "1"])
      #expect(refused.status == 2)
      #expect(
        refused.errors == "error: out/contrast/1/1.png: is there already; give --overwrite\n")
      #expect(try files(tool, "out") == ["contrast/1/1.png"])
      try Data("a,b\n1,2\n".utf8).write(to: URL(filePath: tool.path("out/manifest.csv")))
      let manifest = try tool.run(bulk + ["--severity", "1"])
      #expect(manifest.status == 2)
      #expect(manifest.errors.contains("out/manifest.csv: is no manifest of corrupted images"))
    }
  }

  @Test("JPEG files keep their names and have quality 85")
  func jpeg() throws {
    try Tool.withFolder { tool in
      let url = URL(filePath: tool.path("in/a.JPEG"))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(JPEGCodec.encode(ring, quality: 95)).write(to: url)
      for (format, folder) in [("jpeg", "lossy"), ("png", "lossless")] {
        let outcome = try tool.run(
          "corrupt", "in", folder, "--corruption", "contrast", "--severity", "2", "--format",
          format)
        #expect(outcome.status == 0)
      }
      let exact = try tool.image("lossless/contrast/2/a.png")
      #expect(
        try tool.image("lossy/contrast/2/a.JPEG") == JPEGCodec.roundTrip(exact, quality: 85))
      // The manifest's hash is that of the file's pixels: the set compares equal to itself.
      let verified = try tool.run(
        "corruptions", "verify", "--against", "lossy", "--clean", "in")
      #expect(verified.status == 0, "\(verified.errors)\(verified.output)")
    }
  }

  @Test("All corruptions take grey images, transparency and a single pixel")
  func kinds() throws {
    try Tool.withFolder { tool in
      try tool.write(PixelImage(width: 1, height: 1, color: (200, 100, 0)), "in/tiny.png")
      try Data("P5 4 3 255\n".utf8 + (0..<12).map { UInt8(20 * $0) })
        .write(to: URL(filePath: tool.path("in/grey.pgm")))
      // A red and a half transparent green pixel, 8-bit RGBA.
      let transparent =
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAD0lEQVR4nGP4z8DwHwgbABB5A359Y87XAAAAAElF"
        + "TkSuQmCC"
      try Data(base64Encoded: transparent)!.write(to: URL(filePath: tool.path("in/rgba.png")))
      let outcome = try tool.run("corrupt", "in", "out", "--corruption", "all", "--severity", "1-5")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let grey = try tool.image("out/contrast/3/grey.png")
      #expect((grey.width, grey.height) == (4, 3))
      for index in stride(from: 0, to: 36, by: 3) {
        #expect(Set(grey.pixels[index..<index + 3]).count == 1)
      }
      #expect(try tool.image("out/pixelate/5/tiny.png").pixels == [200, 100, 0])
      let opaque = try tool.image("out/jpeg_compression/1/rgba.png")
      #expect((opaque.width, opaque.height) == (2, 1))
    }
  }

  @Test(
    "What can't be done is refused, and nothing is written",
    arguments: [
      (["--severity", "0-6"], 64, "--severity"), (["--severity", "5-1"], 64, "--severity"),
      (["--severity", "1,,2"], 64, "--severity"), (["--severity", "2,1-3"], 64, "--severity"),
      (["--severity", "1", "--jpeg-quality", "0"], 64, "--jpeg-quality is 1 to 100"),
      (["--severity", "1-2", "--flat"], 2, "--flat: has room for one corruption"),
      (["--severity", "0.5", "--corruption", "glass_blur"], 2, "is below 1, and the recipe"),
      (["--severity", "1", "--corruption", "contrast,,fog"], 64, "--corruption"),
    ] as [([String], Int32, String)])
  func refusals(arguments: [String], status: Int32, message: String) throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in/1.png")
      let corruption = arguments.contains("--corruption") ? [] : ["--corruption", "contrast"]
      let outcome = try tool.run(["corrupt", "in", "out"] + corruption + arguments)
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(!tool.exists("out"))
    }
  }

  private func tar(_ arguments: [String], _ tool: Tool) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["tar"] + arguments
    process.currentDirectoryURL = tool.folder
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "tar \(arguments)")
  }

  @Test("A tar archive keeps its other files; its images are those of a folder of its name")
  func archive() throws {
    try Tool.withFolder { tool in
      for name in ["1.png", "2.png"] { try tool.write(ring, "in/\(name)") }
      try Data("7".utf8).write(to: URL(filePath: tool.path("in/1.cls")))
      try FileManager.default.createDirectory(
        atPath: tool.path("x"), withIntermediateDirectories: true)
      try tar(["-cf", "shard.tar", "-C", "in", "1.png", "1.cls", "2.png"], tool)
      try tar(["-cf", "x/in.tar", "-C", "in", "1.png", "1.cls", "2.png"], tool)
      #expect(try tool.run(bulk + ["--severity", "2"]).status == 0)
      let arguments = [
        "corrupt", "shard.tar", "shards", "--corruption", "gaussian_noise", "--severity", "2,3",
      ]
      let outcome = try tool.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("2 files in"))
      #expect(
        try files(tool, "shards") == [
          "gaussian_noise/2/shard.tar", "gaussian_noise/3/shard.tar", "manifest.csv",
        ])
      try tar(["-xf", "shards/gaussian_noise/2/shard.tar", "-C", "x"], tool)
      #expect(try files(tool, "x") == ["1.cls", "1.png", "2.png", "in.tar"])
      for name in ["1.png", "2.png"] {
        #expect(try tool.image("x/\(name)") == tool.image("out/gaussian_noise/2/\(name)"))
      }
      #expect(try tool.image("x/1.png") != tool.image("x/2.png"))
      #expect(try tool.run(arguments).errors.contains("2 were there already"))
      // In a folder, an archive is a folder of its own: other draws.
      let nested = try tool.run(
        "corrupt", "x", "nested", "--corruption", "gaussian_noise", "--severity", "2", "--format",
        "jpeg")
      #expect(nested.status == 0, "\(nested.errors)")
      try tar(["-xf", "nested/gaussian_noise/2/in.tar", "-C", "nested"], tool)
      let made = try files(tool, "nested")
      #expect(
        made == [
          "1.cls", "1.jpg", "2.jpg", "gaussian_noise/2/1.jpg", "gaussian_noise/2/2.jpg",
          "gaussian_noise/2/in.tar", "manifest.csv",
        ], "\(made)")
    }
  }

  @Test("A damaged archive, and one whose copies would have one name, are refused")
  func badArchives() throws {
    try Tool.withFolder { tool in
      try Data("no archive".utf8).write(to: URL(filePath: tool.path("bad.tar")))
      let bad = try tool.run(
        "corrupt", "bad.tar", "bad", "--corruption", "contrast", "--severity", "1")
      #expect(bad.status == 2)
      #expect(bad.errors.contains("error: bad.tar: is no tar archive, or a damaged one"))
      #expect(try files(tool, "bad") == ["manifest.csv"])
      // Refused by their names, before anything is decoded.
      for name in ["a.png", "a.ppm"] { try tool.write(ring, "in/\(name)") }
      try tar(["-cf", "twins.tar", "-C", "in", "a.png", "a.ppm"], tool)
      let twins = try tool.run(
        "corrupt", "twins.tar", "twins", "--corruption", "contrast", "--severity", "1")
      #expect(twins.status == 2)
      #expect(twins.errors.contains("error: twins.tar: two files would be 'a.png' in the copy"))
      #expect(try files(tool, "twins") == ["manifest.csv"])
    }
  }
}
