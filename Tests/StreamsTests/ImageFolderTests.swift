import Foundation
import Streams
import TestSupport
import Testing

@Suite("Image folders")
struct ImageFolderTests {
  @Test("Classes and images come in byte order, with ids below the task's name")
  func order() throws {
    let folder = try TemporaryFolder()
    for path in [
      "cat/b.png", "cat/a.JPG", "cat/deep/z.ppm", "Dog/1.jpeg", "Dog/notes.txt", "Dog/.hidden.png",
      "readme.md",
    ] {
      try folder.write("x", to: path)
    }
    let loaded = try ImageFolder.load(folder.path, name: "pets")
    #expect(
      loaded.images.samples.map(\.id.text)
        == ["pets/Dog/1.jpeg", "pets/cat/a.JPG", "pets/cat/b.png", "pets/cat/deep/z.ppm"])
    #expect(loaded.images.samples[1].path == "\(folder.path)/cat/a.JPG")
    #expect(loaded.labels.classNames == ["Dog", "cat"])
    #expect(loaded.images.samples.map { loaded.labels[$0.id] } == [0, 1, 1, 1])
    #expect(loaded.labels[SampleID("pets/none.png")] == nil)
  }

  @Test("A missing folder, one without class folders and one without images are told apart")
  func failures() throws {
    let folder = try TemporaryFolder()
    #expect(throws: StreamError.noFolder("\(folder.path)/none")) {
      try ImageFolder.load("\(folder.path)/none", name: "t")
    }
    #expect(throws: StreamError.noClasses(folder: folder.path)) {
      try ImageFolder.load(folder.path, name: "t")
    }
    try folder.write("x", to: "class/readme.txt")
    #expect(throws: StreamError.noImages(folder.path)) {
      try ImageFolder.load(folder.path, name: "t")
    }
  }

  @Test("Labels follow a head's order of classes by name")
  func headOrder() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "ant/1.png")
    try folder.write("x", to: "bee/1.png")
    let labels = try ImageFolder.load(folder.path, name: "t").labels
    let indexed = try labels.indexed(by: ["bee", "cow", "ant"], source: "t")
    #expect(indexed[SampleID("t/ant/1.png")] == 2)
    #expect(indexed[SampleID("t/bee/1.png")] == 0)
    #expect(throws: StreamError.unknownClass(name: "bee", of: "t", known: ["ant", "fly"])) {
      try labels.indexed(by: ["ant", "fly"], source: "t")
    }
  }
}
