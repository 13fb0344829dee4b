import Datasets
import Foundation
import Streams
import TestSupport
import Testing

@Suite("MATLAB files")
struct MATLABFileTests {
  private func changed(
    _ name: String, _ file: String, _ change: (inout Data) -> Void
  ) throws -> (folder: TemporaryFolder, path: String) {
    let folder = try GoldenDatasets.copy(name)
    let url = URL(filePath: "\(folder.path)/\(file)")
    var data = try Data(contentsOf: url)
    change(&data)
    try data.write(to: url)
    return (folder, "\(folder.path)/\(file)")
  }

  @Test("Level 7.3, other byte orders and other files are refused with what is expected")
  func foreign() throws {
    for (change, problem) in [
      ({ $0.replaceSubrange(0..<10, with: Data("MATLAB 7.3".utf8)) }, "of level 7.3 (HDF5)"),
      ({ $0.replaceSubrange(126..<128, with: Data("MI".utf8)) }, "byte order of PCs (IM)"),
      ({ $0 = Data("no such thing".utf8) }, "is no MATLAB file of level 5"),
      ({ $0 = Data() }, "is no MATLAB file of level 5"),
      ({ $0 = $0.prefix(128) }, "has no variable 'X'"),
    ] as [((inout Data) -> Void, String)] {
      let (folder, path) = try changed("svhn", "test_32x32.mat", change)
      let message = GoldenDatasets.failure(DatasetSource(folder.path))
      #expect(message.hasPrefix(path) && message.contains(problem), "\(message)")
    }
  }

  @Test("A file of SVHN without its shape, its labels' range or its bytes is refused")
  func contents() throws {
    // The labels of the uncompressed file are doubles, at its end; these bytes are 11.
    let (labels, path) = try changed("svhn", "train_32x32.mat") { data in
      data.replaceSubrange(
        data.count - 8..<data.count,
        with: Data([0, 0, 0, 0, 0, 0, 0x26, 0x40]))
    }
    #expect(
      GoldenDatasets.failure(DatasetSource(labels.path, split: .train))
        == "\(path), variable 'y', label 1: is 11.0; 1 to 9 and 10 for the digit 0 are expected")
    let (cut, cutPath) = try changed("svhn", "train_32x32.mat") { $0 = $0.dropLast(9) }
    #expect(GoldenDatasets.failure(DatasetSource(cut.path, split: .train)).hasPrefix(cutPath))
  }

  @Test("The challenge's annotations without classes are told from those with labels")
  func unlabeled() throws {
    let folder = try GoldenDatasets.copy("stanford_cars")
    let data = try Data(contentsOf: URL(filePath: "\(folder.path)/devkit/cars_test_annos.mat"))
    try folder.write(data, to: "cars_test_annos_withlabels.mat")
    #expect(
      GoldenDatasets.failure(DatasetSource(folder.path)).hasSuffix(
        "the file of the test images without labels has no 'class', take the one with labels"))
  }

  @Test(
    "Whatever is damaged in a file, the worst is an error",
    arguments: [
      ("svhn", "test_32x32.mat", DatasetSplit.test), ("svhn", "train_32x32.mat", .train),
      ("stanford_cars", "devkit/cars_meta.mat", .test),
      ("stanford_cars", "devkit/cars_train_annos.mat", .train),
    ])
  func damaged(name: String, file: String, split: DatasetSplit) throws {
    let folder = try GoldenDatasets.copy(name)
    let url = URL(filePath: "\(folder.path)/\(file)")
    let data = try Data(contentsOf: url)
    let source = DatasetSource(folder.path, split: split)
    for position in stride(from: 0, to: data.count, by: data.count > 600 ? 3 : 1) {
      for value in [0xff, data[position] ^ 0x41] {
        var damaged = data
        damaged[position] = value
        try damaged.write(to: url)
        guard let loaded = try? source.load(name: "t") else { continue }
        for sample in loaded.images.samples { _ = try? sample.image() }
      }
      try data.prefix(position).write(to: url)
      _ = try? source.load(name: "t")
    }
  }
}
