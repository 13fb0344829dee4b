import ArgumentParser
import Datasets
import Foundation

/// What becomes of images that can't be read: the same for all commands that read data sets.
struct UnreadableImagesOptions: ParsableArguments {
  @Flag(help: "Leave out images that can't be read, and tell how many; else they are an error.")
  var skipUnreadable = false

  /// Tells on standard error what was left out.
  static func report(_ skipped: [SkippedImages]) {
    for images in skipped {
      StandardError.write("warning: \(CommandFailure.printable(images.description))\n")
    }
  }
}
