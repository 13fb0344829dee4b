import Foundation
import Testing

/// Every call that writes a file fails once, or the disk is full from it on, for every call of small
/// runs of all commands that write.
@Suite("Write faults", .enabled(if: PreloadedLibrary.isSupported))
struct WriteFaultTests {
  /// Makes every call of a command fail in turn.
  ///
  /// - Parameters:
  ///   - prepare: fills a fresh folder.
  ///   - first: the command.
  ///   - isOverwriting: whether it takes --overwrite to begin again.
  ///   - check: holds what is there after the fault, and after going on, against the sound run.
  private func everyFault(
    _ fault: WriteFault, prepare: (Tool) throws -> Void, first: [String],
    isOverwriting: Bool = false,
    sameAs check: (_ sound: Tool, _ faulty: Tool, _ isFinished: Bool, _ call: String) throws -> Void
  ) throws {
    try Tool.withFolder { sound in
      try prepare(sound)
      let (whole, calls) = try sound.run(first, folders: ["out"])
      #expect(whole.status == 0, "\(whole.errors)")
      #expect(calls.count > 5, "the library sees the calls")
      for number in 1...max(1, calls.count) {
        try Tool.withFolder { tool in
          try prepare(tool)
          let (outcome, seen) = try tool.run(first, folders: ["out"], fault: fault, at: number)
          let call = seen.first { $0.hasSuffix("FAILED") } ?? "none"
          // The table that is written now and then makes runs of different numbers of calls. A failure
          // that leaves nothing undone may be passed over; any other ends the command.
          if outcome.status == 0 {
            try check(sound, tool, true, call)
            return
          }
          #expect([1, 2].contains(outcome.status), "\(call): \(outcome.status) \(outcome.errors)")
          #expect(
            outcome.errors.contains(fault.reason) && outcome.errors.contains("out"),
            "\(call): \(outcome.errors)")
          try check(sound, tool, false, call)
          let rest = try tool.run(first + (isOverwriting ? ["--overwrite"] : []))
          #expect(rest.status == 0, "\(call): \(rest.errors)")
          try check(sound, tool, true, call)
        }
      }
    }
  }

  /// Files under their own names are those of the sound run, byte by byte, and all of them in the end.
  ///
  /// - Parameters:
  ///   - skipped: files that no two runs have in common.
  ///   - growing: files that are themselves in the end alone.
  private func sameFiles(
    but skipped: Set<String> = [], growing: Set<String> = []
  ) -> (Tool, Tool, Bool, String) throws -> Void {
    { sound, tool, isFinished, call in
      let whole = try sound.files("out")
      for (name, content) in try tool.files("out") {
        let isTemporary = name.contains(".tmp") || name.contains(".unfinished")
        if isTemporary || skipped.contains(name) { continue }
        if growing.contains(name), !isFinished { continue }
        #expect(whole[name] == content, "\(call): \(name)")
      }
      guard isFinished else { return }
      let names = try Set(tool.files("out").keys)
      #expect(Set(whole.keys).isSubset(of: names), "\(call)")
    }
  }

  @Test(
    "A plan's run ends with a message, and goes on to the same tables",
    arguments: [
      WriteFault.fullDisk, .error,
    ])
  func bench(fault: WriteFault) throws {
    try everyFault(
      fault,
      prepare: { try SmallSuite.write("[task-arithmetic, adamerging-taskwise]", to: $0) },
      first: ["bench", "plan.yaml", "-o", "out", "--predictions"],
      sameAs: { sound, tool, isFinished, call in
        let keys = Set(try RunTables(sound, "out").rows)
        if isFinished {
          #expect(try RunTables(tool, "out") == RunTables(sound, "out"), "\(call)")
          #expect(try !tool.files("out").keys.contains { $0.hasSuffix(".tmp") }, "\(call)")
        } else {
          #expect(Set(try RunTables(tool, "out").rows).isSubset(of: keys), "\(call)")
        }
        // No cell's file is cut off.
        for (name, data) in try tool.files("out") where name.hasSuffix(".json") {
          #expect(throws: Never.self, "\(call): \(name)") {
            try JSONSerialization.jsonObject(with: data)
          }
        }
      })
  }

  @Test(
    "An adaptation ends with a message, and its state is whole",
    arguments: [
      WriteFault.fullDisk, .error,
    ])
  func adapt(fault: WriteFault) throws {
    let arguments = [
      "adapt", "--suite", "suite.yaml", "--seen", "digits", "--seen", "traffic-signs",
      "--batches-per-step", "1", "--batch-size", "4", "--steps", "2", "--checkpoint-every", "1",
      "-o", "out",
    ]
    try everyFault(
      fault, prepare: { try SmallSuite.write(to: $0) }, first: arguments,
      sameAs: sameFiles(growing: ["adaptation-state.json"]))
  }

  @Test(
    "A merge ends with a message and leaves no part of a model",
    arguments: [
      WriteFault.fullDisk, .error,
    ])
  func merge(fault: WriteFault) throws {
    let models = Tool.checkout.appending(path: "fixtures/models").path(percentEncoded: false)
    try everyFault(
      fault, prepare: { _ in },
      first: [
        "merge", "--base", "\(models)/base", "--expert", "digits=\(models)/experts/digits",
        "--expert", "scenes=\(models)/experts/scenes", "--method", "task-arithmetic", "--output",
        "out",
      ], isOverwriting: true, sameAs: sameFiles())
  }

  @Test(
    "A folder of corrupted images goes on to the same images",
    arguments: [
      WriteFault.fullDisk, .error,
    ])
  func corrupt(fault: WriteFault) throws {
    try everyFault(
      fault,
      prepare: { tool in for name in ["in/a.png", "in/b.png"] { try tool.write(ring, name) } },
      first: ["corrupt", "in", "out", "--corruption", "contrast", "--severity", "2"],
      sameAs: sameFiles(growing: ["manifest.csv"]))
  }

  @Test(
    "A training ends with a message, and goes on to the same suite",
    arguments: [WriteFault.fullDisk, .error])
  func train(fault: WriteFault) throws {
    let sizes = [
      "--image-size", "6", "--patch-size", "3", "--width", "8", "--layers", "1", "--heads", "2",
      "--embedding-width", "4", "--steps", "2", "--batch-size", "8", "--probe-steps", "2",
      "--expert-steps", "2", "--expert-batch-size", "8",
    ]
    // The record holds times, the suite says in which folder the data lies.
    let sameFiles = sameFiles(but: ["training.json", "suite.yaml"])
    func suite(_ tool: Tool) throws -> String? {
      try tool.files("out")["suite.yaml"].map {
        String(decoding: $0, as: UTF8.self).replacing(tool.path("data"), with: "data")
      }
    }
    try everyFault(
      fault, prepare: { try writeIDX($0) },
      first: ["train", "--tasks", "digits=data", "--output", "out"] + sizes,
      sameAs: { sound, tool, isFinished, call in
        try sameFiles(sound, tool, isFinished, call)
        if let got = try suite(tool) { #expect(try got == suite(sound), "\(call)") }
      })
  }

  /// IDX files of 6 x 6 grey images of two classes.
  private func writeIDX(_ tool: Tool) throws {
    let folder = tool.path("data")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (prefix, count) in [("train", 40), ("t10k", 8)] {
      var images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 6, 0, 0, 0, 6]
      for index in 0..<count { images += (0..<36).map { UInt8(index % 2 * 90 + $0 * 3) } }
      let labels = [0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 2) }
      for (name, bytes) in [("images-idx3", images), ("labels-idx1", labels)] {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(prefix)-\(name)-ubyte"))
      }
    }
  }
}
