import Datasets
import Foundation
import Streams
import TestSupport
import Testing

@Suite("Official layouts")
struct OfficialLayoutTests {
  @Test(
    "A layout gives the images, ids and classes that NumPy, SciPy and Pillow read, told or detected",
    arguments: [
      ("idx", DatasetLayout.idx, DatasetSplit.test, "idx t10k"),
      ("idx", .idx, .train, "idx train"),
      ("idx-gz", .idx, .test, "idx t10k"),
      ("idx/MNIST/raw/t10k-images-idx3-ubyte", .idx, .test, "idx t10k"),
      ("svhn", .svhn, .test, "svhn test"),
      ("svhn", .svhn, .train, "svhn train"),
      ("gtsrb", .gtsrb, .test, "gtsrb test"),
      ("gtsrb", .gtsrb, .train, "gtsrb train"),
      ("stanford_cars", .cars, .test, "cars test"),
      ("stanford_cars", .cars, .train, "cars train"),
      ("dtd", .dtd, .test, "dtd test"),
      ("dtd/dtd", .dtd, .val, "dtd val"),
      ("eurosat", .eurosat, .test, "eurosat test"),
      ("eurosat-splits", .eurosat, .val, "eurosat-splits val"),
      ("resisc45", .resisc45, .test, "resisc45 test"),
      ("SUN397", .sun397, .test, "SUN397 test"),
    ])
  func goldens(name: String, layout: DatasetLayout, split: DatasetSplit, expected: String) throws {
    let path = GoldenDatasets.path(name)
    #expect(DatasetSource(path).foundLayout == layout)
    try GoldenDatasets.expect(DatasetSource(path, layout: layout, split: split), equals: expected)
    try GoldenDatasets.expect(DatasetSource(path, split: split), equals: expected)
    if split == .test {
      try GoldenDatasets.expect(DatasetSource(path), equals: expected)
    }
  }

  @Test("Folders by split are read where a layout has them, and SUN397's lose their initials")
  func splitFolders() throws {
    let path = GoldenDatasets.path("sun397-splits")
    try GoldenDatasets.expect(DatasetSource(path, layout: .sun397), equals: "sun397-splits test")
    let folder = try TemporaryFolder()
    for split in ["train", "validation", "test"] {
      try folder.write("x", to: "\(split)/\(split)-class/1.png")
    }
    for (split, name) in [(DatasetSplit.train, "train"), (.val, "validation"), (.test, "test")] {
      let loaded = try DatasetSource(folder.path, split: split).load(name: "t")
      #expect(loaded.images.samples.map(\.id.text) == ["t/\(name)-class/1.png"])
    }
    #expect(
      GoldenDatasets.failure(DatasetSource(folder.path))
        == "\(folder.path): its folders are splits, not classes (test, train, validation); "
        + "give 'split', or the folder of one of them")
  }

  @Test("The cars' classes are all of the devkit's, in its order, whichever the split holds")
  func carClasses() throws {
    let loaded = try DatasetSource(GoldenDatasets.path("stanford_cars"), split: .train)
      .load(name: "t")
    #expect(
      loaded.labels.classNames
        == ["AM General Hummer SUV 2000", "Ram C/V Cargo Van Minivan 2012", "Citroën 2CV"])
  }

  @Test("What a layout misses is named, with the folder that it was looked for in")
  func missing() throws {
    let folder = try TemporaryFolder()
    let expected: [(DatasetLayout, String)] = [
      (.idx, "no t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz"),
      (.svhn, "no test_32x32.mat"),
      (.gtsrb, "no GTSRB/Final_Test/Images and no GT-final_test.csv"),
      (.cars, "no cars_test and no cars_test_annos_withlabels.mat and no devkit/cars_meta.mat"),
      (.dtd, "no images and no labels/test1.txt"),
      (.eurosat, "no EuroSAT_splits/test and no 2750"),
      (.resisc45, "no NWPU-RESISC45 and no resisc45-test.txt"),
      (.sun397, "no Testing_01.txt"),
      (.webdataset, "no *.tar"),
    ]
    for (layout, text) in expected {
      #expect(
        GoldenDatasets.failure(DatasetSource(folder.path, layout: layout))
          == "\(folder.path): is no \(layout.rawValue) data set: there is \(text)")
    }
    #expect(
      GoldenDatasets.failure(DatasetSource(folder.path, layout: .gtsrb, split: .val))
        == "the layout gtsrb has no split 'val'; it has train, test")
    let dtd = try GoldenDatasets.copy("dtd/dtd")
    #expect(
      GoldenDatasets.failure(DatasetSource(dtd.path, split: .train))
        == "\(dtd.path): is no dtd data set: there is no labels/train1.txt")
  }

  @Test("A list's line that is damaged, repeated or without an image is named")
  func lists() throws {
    let gtsrb = try GoldenDatasets.copy("gtsrb")
    let source = DatasetSource(gtsrb.path)
    let header = "Filename;Width;ClassId\n"
    for (text, problem) in [
      ("Filename,ClassId\n", "line 1: has no columns 'Filename' and 'ClassId'"),
      (header + "00000.ppm;4;43\n", "line 2: does not have 3 fields with a class of 0 to 42"),
      (header + "00000.ppm;4\n", "line 2: does not have 3 fields"),
      (header + "00009.ppm;4;1\n", ":2: no such image: "),
      (header + "00000.ppm;4;1\n00000.ppm;4;1\n", ":3: 00000.ppm is listed twice"),
      (header, "holds no image; expected lines of file names and classes"),
    ] {
      try gtsrb.write(text, to: "GT-final_test.csv")
      let message = GoldenDatasets.failure(source)
      #expect(message.contains("GT-final_test.csv") && message.contains(problem), "\(message)")
    }
    let dtd = try GoldenDatasets.copy("dtd/dtd")
    try dtd.write("banded\n", to: "labels/test1.txt")
    #expect(
      GoldenDatasets.failure(DatasetSource(dtd.path))
        == "\(dtd.path)/labels/test1.txt, line 1: 'banded' is no path of an image below its class")
  }

  @Test("Numbered classes take names, or a head's, and some classes alone can be kept")
  func classes() throws {
    let path = GoldenDatasets.path("idx")
    let plain = try DatasetSource(path).load(name: "t")
    #expect(plain.labels.classNames == ["0", "2", "7"])
    let names = ["zero", "one", "two", "three", "four", "five", "six", "seven"]
    let named = try DatasetSource(path, classNames: .list(names), classes: ["seven", "zero"])
      .load(name: "t")
    #expect(named.labels.classNames == ["seven", "zero"])
    #expect(named.images.samples.map(\.id.text) == ["t/t10k/0", "t/t10k/2", "t/t10k/3"])
    #expect(named.images.samples.map { named.labels[$0.id] } == [0, 1, 0])
    let head = try DatasetSource(path, classNames: .head).load(name: "t", head: names)
    #expect(head.labels.classNames == names)
    #expect(head.images.samples.map { head.labels[$0.id] } == [7, 2, 0, 7])
    #expect(
      GoldenDatasets.failure(DatasetSource(path, classNames: .list(["zero"])))
        == "\(path): class '2' has no name: 1 names are given, for the classes 0 to 0")
    #expect(
      GoldenDatasets.failure(DatasetSource(path, classes: ["3"]))
        == "t: has no class '3'; did you mean '0'?")
    #expect(throws: StreamError.self) { try plain.labels.indexed(by: ["a", "b"], source: "t") }
    do {
      _ = try plain.labels.indexed(by: ["a", "b"], source: "t")
    } catch {
      #expect(
        "\(error)".hasSuffix("class_names: head takes the numbers as the head's rows, from 0"))
    }
  }
}
