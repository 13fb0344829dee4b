import Streams
import TestSupport
import Testing

@Suite("Manifests")
struct ManifestTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a.png", "b, with comma.png", "say \"hi\".png"] {
      try folder.write("x", to: name)
    }
  }

  private func load(_ text: String) throws -> LabeledImages {
    try folder.write(text, to: "list.csv")
    return try Manifest.load("\(folder.path)/list.csv", name: "task")
  }

  @Test("Quoted fields, doubled quotes, CRLF, other columns and a byte order mark are read")
  func quoting() throws {
    let loaded = try load(
      "\u{FEFF}label,path,note\r\n\"dog, big\",\"b, with comma.png\",\"two\r\nlines\"\r\n"
        + "cat,\"say \"\"hi\"\".png\",\r\n\r\ncat,a.png,x")
    #expect(
      loaded.images.samples.map(\.id.text)
        == ["task/b, with comma.png", "task/say \"hi\".png", "task/a.png"])
    #expect(loaded.labels.classNames == ["cat", "dog, big"])
    #expect(loaded.images.samples.map { loaded.labels[$0.id] } == [1, 0, 0])
    #expect(loaded.images.samples[2].path == "\(folder.path)/a.png")
  }

  @Test("An absolute path is taken as it is")
  func absolute() throws {
    let loaded = try load("path,label\n\(folder.path)/a.png,cat\n")
    #expect(loaded.images.samples[0].path == "\(folder.path)/a.png")
  }

  @Test(
    "A malformed manifest is refused at its line",
    arguments: [
      ("a.png,cat\n", 1, "the first line has to name the columns 'path' and 'label'"),
      ("", 1, "the first line has to name the columns 'path' and 'label'"),
      ("path,label\na.png\n", 2, "1 fields where the header has 2"),
      ("path,label\na.png,\n", 2, "the path or the label is empty"),
      ("path,label\n\"a.png,cat\n", 2, "a quote is not closed"),
      ("path,label\na\"b,cat\n", 2, "a quote inside a field that does not begin with one"),
      ("path,label\n\"a.png\"x,cat\n", 2, "text after a field's closing quote"),
    ])
  func malformed(text: String, line: Int, problem: String) throws {
    #expect(
      throws: StreamError.malformedManifest(
        path: "\(folder.path)/list.csv", line: line, problem: problem)
    ) { try load(text) }
  }

  @Test("A missing image, a repeated one, an empty list and a missing manifest are refused")
  func contents() throws {
    let list = "\(folder.path)/list.csv"
    #expect(
      throws: StreamError.missingImage(manifest: list, line: 3, path: "\(folder.path)/c.png")
    ) { try load("path,label\na.png,cat\nc.png,cat\n") }
    #expect(throws: StreamError.repeatedSample(manifest: list, line: 3, path: "a.png")) {
      try load("path,label\na.png,cat\na.png,dog\n")
    }
    #expect(throws: StreamError.noImages(list)) { try load("path,label\n") }
    #expect(throws: StreamError.self) { try Manifest.load("\(folder.path)/none.csv", name: "t") }
  }
}
