import Foundation
import Testing

@Suite("Full and read-only disks", .enabled(if: MountedDisk.isSupported))
struct FullDiskTests {
  @Test("A run on a full disk ends with a message, and goes on when there is room")
  func fullDisk() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[pretrained, ties, adamerging-taskwise]", seeds: 4, to: tool)
      #expect(try tool.run("bench", "plan.yaml", "-o", "whole").status == 0)
      // Room for some of the files, so that another one is the first that does not fit.
      for size in [16, 32, 48, 64, 96] {
        let disk = try MountedDisk(kibibytes: size)
        let output = "\(disk.path)/out"
        let outcome = try tool.run("bench", "plan.yaml", "-o", output)
        #expect(outcome.status == 2, "\(size) KiB: \(outcome.errors)")
        #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
        #expect(outcome.errors.contains(output), "\(outcome.errors)")
        try disk.remount("size=4m")
        let rest = try tool.run("bench", "plan.yaml", "-o", output)
        #expect(rest.status == 0, "\(rest.errors)")
        try FileManager.default.copyItem(atPath: output, toPath: tool.path("out-\(size)"))
        #expect(try RunTables(tool, "out-\(size)") == RunTables(tool, "whole"))
      }
    }
  }

  @Test("Images that fit neither memory nor disk end the run with a message, and no cell fails")
  func fullTemporaryFolder() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[ties]", to: tool)
      let disk = try MountedDisk(kibibytes: 16)
      // A MiB of memory is less than 400 images of 32 x 32 pixels take.
      let list = try String(contentsOfFile: tool.path("digits.csv"), encoding: .utf8)
      var lines = ["path,label"]
      for (place, line) in list.split(separator: "\n").dropFirst().enumerated() {
        let (path, label) = (line.split(separator: ",")[0], line.split(separator: ",")[1])
        for copy in 0..<40 {
          let name = tool.path("\(place)-\(copy).png")
          try FileManager.default.copyItem(atPath: String(path), toPath: name)
          lines.append("\(name),\(label)")
        }
      }
      try Data(lines.joined(separator: "\n").utf8)
        .write(to: URL(filePath: tool.path("digits.csv")))
      let outcome = try tool.run(
        ["bench", "plan.yaml", "-o", "out", "--image-memory", "1"],
        variables: ["TMPDIR": disk.path])
      #expect(outcome.status == 2, "\(outcome.errors)")
      #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
      #expect(outcome.errors.contains("set TMPDIR"), "\(outcome.errors)")
      #expect(try !tool.files("out").keys.contains { $0.hasPrefix("cells/") })
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
    }
  }

  @Test("A folder that can't be written is told before anything is computed")
  func readOnly() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[ties]", to: tool)
      let disk = try MountedDisk(kibibytes: 64)
      try disk.remount("ro")
      for output in [disk.path, "\(disk.path)/out"] {
        let outcome = try tool.run("bench", "plan.yaml", "-o", output)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("Read-only file system"), "\(outcome.errors)")
        #expect(outcome.errors.contains(output), "\(outcome.errors)")
        #expect(!outcome.errors.contains("%"), "no progress: \(outcome.errors)")
      }
    }
  }
}
