import Foundation
import Imaging
import Testing

private let ring: PixelImage = {
  var pixels: [UInt8] = []
  for y in 0..<30 {
    for x in 0..<40 {
      let squares: Int = x * x + y * y
      pixels += [UInt8(squares / 10), UInt8(6 * x), UInt8(8 * y)]
    }
  }
  return PixelImage(width: 40, height: 30, pixels: pixels)
}()

extension Tool {
  /// Writes `image` as PNG to `name` in the working folder.
  fileprivate func write(_ image: PixelImage, _ name: String) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(PNGCodec.encode(image)).write(to: url)
  }

  fileprivate func image(_ name: String) throws -> PixelImage {
    try ImageDecoder.decode(contentsOf: path(name))
  }
}

@Suite("Command: corrupt")
struct CorruptTests {
  @Test("An image is corrupted the same way for a seed, and another way for another")
  func seeds() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in.png")
      for (name, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
        let outcome = try tool.run(
          "corrupt", "in.png", "\(name).png", "--corruption", "gaussian_noise", "--severity", "3",
          "--seed", seed)
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
      }
      #expect(try tool.image("a.png") != ring)
      #expect(try tool.image("a.png") == tool.image("b.png"))
      #expect(try tool.image("a.png") != tool.image("c.png"))
    }
  }

  @Test("A folder keeps its tree, and threads change no pixel")
  func folder() throws {
    try Tool.withFolder { tool in
      for name in ["a/1.png", "a/2.PNG", "b/deep/3.png"] { try tool.write(ring, "in/\(name)") }
      try Data("notes".utf8).write(to: URL(filePath: tool.path("in/notes.txt")))
      for threads in ["1", "2"] {
        let outcome = try tool.run(
          "corrupt", "in", "out\(threads)", "--corruption", "spatter", "--severity", "4",
          "--threads", threads)
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("3 images in"))
      }
      for name in ["a/1.png", "a/2.png", "b/deep/3.png"] {
        #expect(try tool.image("out1/\(name)") == tool.image("out2/\(name)"))
      }
      #expect(try tool.image("out1/a/1.png") != tool.image("out1/a/2.png"))
      #expect(!tool.exists("out1/notes.txt"))
    }
  }

  @Test("A file that is there stays unless --overwrite is given")
  func overwrite() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in.png")
      try tool.write(ring, "out.png")
      let arguments = ["corrupt", "in.png", "out.png", "--corruption", "contrast", "--severity"]
      let refused = try tool.run(arguments + ["2"])
      #expect(refused.status == 2)
      #expect(refused.errors == "error: out.png: is there already; give --overwrite\n")
      #expect(try tool.image("out.png") == ring)
      #expect(try tool.run(arguments + ["2", "--overwrite"]).status == 0)
      #expect(try tool.image("out.png") != ring)
    }
  }

  @Test("A broken image is named, the others are done, nothing half-written is left")
  func broken() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in/good.png")
      try Data(PNGCodec.encode(ring).prefix(200)).write(to: URL(filePath: tool.path("in/cut.png")))
      let outcome = try tool.run(
        "corrupt", "in", "out", "--corruption", "contrast", "--severity", "2")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("error: in/cut.png: "))
      #expect(try FileManager.default.contentsOfDirectory(atPath: tool.path("out")) == ["good.png"])
    }
  }

  @Test(
    "What can't be done is refused with its reason",
    arguments: [
      (["in.png", "out.png", "--corruption", "contrst"], 2, "did you mean 'contrast'?"),
      (["in.png", "out.gif", "--corruption", "contrast"], 2, "out.gif: the extension 'gif'"),
      (["no.png", "out.png", "--corruption", "contrast"], 2, "no.png: no such file or folder"),
      (["empty", "out", "--corruption", "contrast"], 2, "empty: holds no images"),
      ([".", "out", "--corruption", "contrast"], 2, "out: lies in the folder that is read"),
      (
        ["in.png", "out.png", "--corruption", "contrast", "--profile", "cifar"], 2,
        "has no profile 'cifar'"
      ),
      (
        ["in.png", "out.png", "--corruption", "contrast", "--recipes", "nowhere"], 2,
        "nowhere: can't be read: no such folder"
      ),
      (
        [
          "in.png", "out.png", "--corruption", "contrast", "--random", "numpy", "--seed",
          "4294967296",
        ],
        64, "NumPy's seeds are 0 to 4294967295"
      ),
    ] as [([String], Int32, String)])
  func refusals(arguments: [String], status: Int32, message: String) throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in.png")
      try FileManager.default.createDirectory(
        atPath: tool.path("empty"), withIntermediateDirectories: true)
      let outcome = try tool.run(["corrupt"] + arguments + ["--severity", "1"])
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(!tool.exists("out.png") && !tool.exists("out"))
    }
  }

  @Test("A recipe dropped into a folder works at once")
  func recipes() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in.png")
      let recipe = """
        family: ours
        summary: less of everything
        source: ours
        pipeline: [{op: contrast, factor: $factor}]
        severities: {factor: [.5, .4, .3, .2, 0]}
        """
      try FileManager.default.createDirectory(
        atPath: tool.path("mine"), withIntermediateDirectories: true)
      try Data(recipe.utf8).write(to: URL(filePath: tool.path("mine/fade.yaml")))
      let list = try tool.run("list", "corruptions", "--recipes", "mine")
      #expect(list.output.contains("fade"))
      let outcome = try tool.run(
        "corrupt", "in.png", "out.png", "--recipes", "mine", "--corruption", "fade", "--severity",
        "5")
      #expect(outcome.status == 0)
      #expect(Set(try tool.image("out.png").pixels).count <= 3)
    }
  }
}

@Suite("Command: list corruptions")
struct ListCorruptionsTests {
  @Test("The table names corruptions, families, profiles and sources")
  func table() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run("list", "corruptions")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains(/gaussian_noise +noise/))
      for text in ["adamerging", "Hendrycks and Dietterich 2019"] {
        #expect(outcome.output.contains(text))
      }
    }
  }

  @Test("The gallery holds a row for each corruption and a column for each severity")
  func gallery() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in.png")
      let outcome = try tool.run(
        "list", "corruptions", "--gallery", "all.png", "--image", "in.png", "--corruption",
        "contrast", "--corruption", "pixelate")
      #expect(outcome.status == 0)
      let picture = try tool.image("all.png")
      // Three times 40 x 30, six columns and two rows of it.
      #expect(picture.width > 6 * 120 && picture.height > 2 * 90 && picture.height < 4 * 90)
    }
  }
}
