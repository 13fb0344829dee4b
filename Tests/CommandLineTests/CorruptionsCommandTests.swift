import Foundation
import Imaging
import Testing

@Suite("Command: corruptions")
struct CorruptionsCommandTests {
  @Test("A new recipe can be shown, checked, drawn and applied at once")
  func new() throws {
    try Tool.withFolder { tool in
      let new = try tool.run("corruptions", "new", "dusk", "--output", "mine")
      #expect(new.status == 0 && new.output.hasPrefix("mine/dusk.yaml\n"))
      let show = try tool.run("corruptions", "show", "dusk", "--recipes", "mine")
      #expect(show.status == 0)
      #expect(show.output.hasPrefix("# dusk: mine/dusk.yaml\n# profiles: any\n# hash: "))
      #expect(
        show.output.hasSuffix(
          try String(contentsOfFile: tool.path("mine/dusk.yaml"), encoding: .utf8)))
      let check = try tool.run("corruptions", "check", "dusk", "--recipes", "mine")
      #expect(check.status == 0, "\(check.errors)")
      #expect(check.output.contains("224 x 224") && !check.output.contains("note:"))
      #expect(check.output.hasSuffix("deterministic for a seed; every output is an image\n"))
      try tool.write(ring, "in.png")
      let preview = try tool.run(
        "corruptions", "preview", "dusk", "contrast", "--recipes", "mine", "-o", "sheet.png",
        "--image", "in.png")
      #expect(preview.status == 0, "\(preview.errors)")
      #expect(try tool.image("sheet.png").width > 6 * 120)
      let corrupt = try tool.run(
        "corrupt", "in.png", "out.png", "--recipes", "mine", "--corruption", "dusk",
        "--severity", "0.5")
      #expect(corrupt.status == 0, "\(corrupt.errors)")
      let again = try tool.run("corruptions", "new", "dusk", "--output", "mine")
      #expect(again.status == 2)
      #expect(again.errors.contains("mine/dusk.yaml: is there already"))
    }
  }

  @Test("Check notes severities out of order, and fails for outputs of one colour")
  func check() throws {
    try Tool.withFolder { tool in
      let recipe = { (factors: String) in
        """
        family: ours
        summary: less of everything
        source: ours
        pipeline: [{op: contrast, factor: $factor}]
        severities: {factor: \(factors)}
        """
      }
      try tool.write(ring, "in/a.png")
      try Data(recipe("[.5, .4, .6, .3, .2]").utf8)
        .write(to: URL(filePath: tool.path("unordered.yaml")))
      try Data(recipe("[.5, .4, .3, .2, 0]").utf8).write(to: URL(filePath: tool.path("flat.yaml")))
      let unordered = try tool.run(
        "corruptions", "check", "unordered", "--recipes", ".", "--images", "in")
      #expect(unordered.status == 0)
      #expect(
        unordered.output.contains("by PSNR severity 3 is nearer to the image than 2"))
      let flat = try tool.run("corruptions", "check", "flat", "--recipes", ".", "--images", "in")
      #expect(flat.status == 1)
      #expect(flat.errors.contains("severity 5, a.png: every pixel of the output is alike"))
    }
  }

  @Test("A folder compares equal to itself, and a changed pixel is found")
  func verify() throws {
    try Tool.withFolder { tool in
      for name in ["x/1.png", "x/2.png"] { try tool.write(ring, "in/\(name)") }
      let made = try tool.run(
        "corrupt", "in", "out", "--corruption", "gaussian_noise,spatter", "--severity", "1,2.5")
      #expect(made.status == 0)
      let arguments = ["corruptions", "verify", "--against", "out", "--clean", "in"]
      let equal = try tool.run(arguments)
      #expect(equal.status == 0, "\(equal.errors)")
      #expect(equal.output.contains("imagecorruptions gaussian_noise     4/4\n"))
      #expect(equal.output.hasSuffix("8 of 8 images are equal\n"))
      // Without the manifest it is ImageNet-C's layout.
      try FileManager.default.removeItem(atPath: tool.path("out/manifest.csv"))
      #expect(try tool.run(arguments + ["--random", "keyed"]).status == 0)
      #expect(try tool.run(arguments).status == 1)
      var image = try tool.image("out/spatter/1/x/2.png")
      let index = 3 * (5 * image.width + 7) + 1
      image.pixels[index] = image.pixels[index] > 100 ? 0 : 255
      let level = abs(
        Int(try tool.image("out/spatter/1/x/2.png").pixels[index]) - Int(image.pixels[index]))
      try tool.write(image, "out/spatter/1/x/2.png")
      let changed = try tool.run(arguments + ["--random", "keyed"])
      #expect(changed.status == 1)
      #expect(
        changed.output.contains(
          "3/4       \(level) at out/spatter/1/x/2.png, x 7, y 5, channel G (1 samples differ)"),
        "\(changed.output)")
      #expect(changed.errors == "error: 1 of 8 images are not equal\n")
    }
  }

  @Test("A published manifest names its inputs, and profiles can be mapped")
  func published() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "set/ring.png")
      let made = try tool.run(
        "corrupt", "set/ring.png", "set/c.png", "--corruption", "gaussian_noise", "--severity",
        "3", "--random", "numpy", "--seed", "11")
      #expect(made.status == 0)
      let manifest = """
        file,image,profile,corruption,severity,seed,rng
        ring.png,ring,input,,,,
        c.png,ring,ic,gaussian_noise,3,11,MT19937
        none.png,ring,ic,no_such_corruption,3,11,
        """
      try Data(manifest.utf8).write(to: URL(filePath: tool.path("set/manifest.csv")))
      let arguments = ["corruptions", "verify", "--against", "set"]
      let mapped = try tool.run(arguments + ["--map", "ic=imagecorruptions"])
      #expect(mapped.status == 0, "\(mapped.errors)")
      #expect(mapped.output.contains("1 of 1 images are equal\n"))
      #expect(
        mapped.output.contains("not compared: 1 images, no corruption 'no_such_corruption'\n"))
      let unmapped = try tool.run(arguments)
      #expect(unmapped.status == 2)
      #expect(unmapped.errors.contains("set: holds nothing that can be compared"))
    }
  }

  @Test("Programs run with --allow-exec only")
  func programs() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in.png")
      let recipe = """
        family: ours
        summary: unchanged
        source: ours
        pipeline: [{op: exec, command: [cat], header: false}]
        severities: {}
        """
      try Data(recipe.utf8).write(to: URL(filePath: tool.path("same.yaml")))
      let arguments = [
        "corrupt", "in.png", "out.png", "--recipes", ".", "--corruption", "same", "--severity", "1",
      ]
      let refused = try tool.run(arguments)
      #expect(refused.status == 2)
      #expect(refused.errors.contains("runs the program 'cat'; if you trust it, give --allow-exec"))
      #expect(try tool.run(["list", "corruptions", "--recipes", "."]).output.contains("same"))
      #expect(try tool.run(arguments + ["--allow-exec"]).status == 0)
      #expect(try tool.image("out.png") == ring)
    }
  }

  @Test("A folder of recipes goes before the project's, for every command")
  func recipes() throws {
    try Tool.withFolder { tool in
      try FileManager.default.createDirectory(
        atPath: tool.path("none"), withIntermediateDirectories: true)
      for command in [
        ["list", "corruptions"], ["corruptions", "show", "contrast"],
        ["corruptions", "check", "contrast"],
      ] {
        let outcome = try tool.run(command + ["--recipes", "none"])
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      for command in [
        ["eval", "nowhere", "--corruption", "contrast"],
        ["adapt", "--output", "out", "--corruption", "contrast"],
      ] {
        let outcome = try tool.run(command + ["--recipes", "missing"])
        #expect(outcome.status == 2 && !tool.exists("out"))
      }
    }
  }

  @Test(
    "What can't be done is refused with its reason",
    arguments: [
      (["show", "contrst"], 2, "did you mean 'contrast'?"),
      (["check", "contrst"], 2, "did you mean 'contrast'?"),
      (["check", "contrast", "--profile", "cifar"], 2, "has no profile 'cifar'"),
      (["check", "contrast", "--images", "nowhere"], 2, "nowhere: no such file or folder"),
      (["new", "a/b"], 64, "'a/b' is not made of letters"),
      (["new", "all"], 64, "has a meaning of its own"),
      (["preview", "contrast", "-o", "a.jpg"], 2, "a.jpg: is written as PNG"),
      (["preview", "contrst", "-o", "a.png"], 2, "did you mean 'contrast'?"),
      (["preview", "contrast", "-o", "a.png", "--image", "none.png"], 2, "none.png"),
      (["verify", "--against", "nowhere"], 2, "nowhere: no such folder"),
      (["verify", "--against", "empty"], 2, "for ImageNet-C's layout give --clean DIR"),
      (["verify", "--against", "columns"], 2, "columns/manifest.csv: has neither the columns"),
      (["verify", "--against", "severity"], 2, "severity/manifest.csv:3: severity is '9'"),
      (["verify", "--against", "input"], 2, "input/manifest.csv:2: no row of the profile 'input'"),
    ] as [([String], Int32, String)])
  func refusals(arguments: [String], status: Int32, message: String) throws {
    try Tool.withFolder { tool in
      let header = "file,image,profile,corruption,severity,seed\n"
      for (folder, text) in [
        ("empty", nil), ("columns", "a,b\n1,2\n"),
        ("severity", header + "a.png,a,input,,,\nb.png,a,ic,contrast,9,0\n"),
        ("input", header + "b.png,a,ic,contrast,1,0\n"),
      ] {
        try FileManager.default.createDirectory(
          atPath: tool.path(folder), withIntermediateDirectories: true)
        if let text {
          try Data(text.utf8).write(to: URL(filePath: tool.path("\(folder)/manifest.csv")))
        }
      }
      let outcome = try tool.run(["corruptions"] + arguments)
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
  }
}
