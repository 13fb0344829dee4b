import Archives
import Datasets
import Streams

extension FuzzTarget {
  static let datasets: [FuzzTarget] = [
    FuzzTarget(name: "tar") { bytes in
      let path = folder.write(bytes, "input.tar")
      if let reader = accepted("input", { try TarReader(contentsOf: path, memberLimit: 1 << 20) }) {
        var members = 0
        while let member = accepted("input", { try reader.next() }), let member {
          precondition(
            !member.path.hasPrefix("/") && !member.path.split(separator: "/").contains(".."))
          members += 1
          precondition(members <= bytes.count / 512, "each member has a header")
        }
      }
      load(DatasetSource(path, layout: .webdataset))
    },
    FuzzTarget(name: "idx") { bytes in
      // The first byte says how long the file of labels is, which comes first.
      guard let count = bytes.first.map(Int.init), bytes.count > count else { return }
      folder.write(bytes[1..<1 + count], "idx/t10k-labels-idx1-ubyte")
      folder.write(bytes[(count + 1)...], "idx/t10k-images-idx3-ubyte")
      load(DatasetSource(folder("idx"), layout: .idx))
    },
    FuzzTarget(name: "svhn") { bytes in
      folder.write(bytes, "svhn/test_32x32.mat")
      load(DatasetSource(folder("svhn"), layout: .svhn))
    },
    FuzzTarget(name: "cars") { bytes in
      // The first two bytes say how long the file of classes is, which comes first.
      guard bytes.count >= 2 else { return }
      let count = min(Int(bytes[0]) << 8 | Int(bytes[1]), bytes.count - 2)
      folder.write([], "cars/cars_test/00001.jpg")
      folder.write(bytes[2..<2 + count], "cars/devkit/cars_meta.mat")
      folder.write(bytes[(2 + count)...], "cars/cars_test_annos_withlabels.mat")
      load(DatasetSource(folder("cars"), layout: .cars))
    },
    FuzzTarget(name: "manifest") { bytes in
      folder.write([], "a.png")
      folder.write([], "b.png")
      let path = folder.write(bytes, "manifest.csv")
      if let loaded = accepted("manifest", { try Manifest.load(path, name: "task") }) {
        precondition(loaded.images.count == loaded.labels.count)
      }
    },
    FuzzTarget(name: "gtsrb") { bytes in
      folder.write([], "gtsrb/GTSRB/Final_Test/Images/00000.ppm")
      folder.write(bytes, "gtsrb/GT-final_test.csv")
      load(DatasetSource(folder("gtsrb"), layout: .gtsrb))
    },
  ]

  private static let folder = ScratchFolder("datasets")

  /// Lists a data set and decodes its first images.
  private static func load(_ source: DatasetSource) {
    guard let loaded = accepted(folder.path, { try source.load(name: "task") }) else { return }
    precondition(loaded.images.count == loaded.labels.count)
    for sample in loaded.images.samples.prefix(4) {
      precondition(sample.path.hasPrefix(folder.path))
      if let image = accepted(folder.path, { try sample.image() }) {
        precondition(image.width > 0 && image.height > 0)
      }
    }
  }
}
