import Foundation
import Imaging
import Testing

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
      #expect(try tool.run(["corruptions", "list"]).output == outcome.output)
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

@Suite("Command: list methods")
struct ListMethodsTests {
  @Test("Every method of the README is listed, with its options")
  func methods() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run("list", "methods")
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      let names = outcome.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
        .map { $0.prefix { $0 != " " } }
      for name in [
        "pretrained", "individual", "weight-averaging", "task-arithmetic", "ties",
        "adamerging-taskwise", "adamerging-layerwise", "adamerging-taskwise++",
        "adamerging-layerwise++",
      ] {
        #expect(names.filter { $0 == name }.count == 1, "\(name)")
      }
      #expect(outcome.output.contains("options: "))
    }
  }

  @Test("An unknown kind of thing and an argument too many are usage errors")
  func usage() throws {
    try Tool.withFolder { tool in
      for arguments in [["list", "methds"], ["list", "methods", "ties"]] {
        let outcome = try tool.run(arguments)
        #expect(outcome.status == 64)
      }
    }
  }
}
