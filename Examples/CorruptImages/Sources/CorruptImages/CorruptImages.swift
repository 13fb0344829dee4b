import Corruptions
import Foundation
import Imaging
import TensorCore

/// Corrupts one image by every corruption of a folder of recipes, at severity 3.
@main
struct CorruptImages {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 3 else {
      print("usage: CorruptImages RECIPES IMAGE OUTPUT-FOLDER")
      exit(64)
    }
    let (recipes, path, output) = (arguments[1], arguments[2], arguments[3])
    let library = try RecipeLibrary(directory: recipes)
    let image = try ImageDecoder.decode(contentsOf: path)
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    for name in library.names() {
      let corruption = try library.corruption(name)
      // The same seed, severity and sample name give the same pixels, in any order, on any machine.
      var random = corruption.random(seed: 0, severity: 3, sample: path)
      let corrupted = try corruption.apply(to: image, severity: 3, random: &random)
      let file = "\(output)/\(name).png"
      try Data(PNGCodec.encode(corrupted)).write(to: URL(filePath: file))
      print(file)
    }
  }
}
