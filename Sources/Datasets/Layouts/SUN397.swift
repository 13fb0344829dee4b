internal import Foundation
internal import Streams

/// SUN397 (Xiao et al., 2010): the archive's own folders, `a/abbey/*.jpg`, with the first partition's
/// list, `Testing_01.txt` or `Training_01.txt`; or folders by split, `sun397/test/a_abbey/*.jpg`, as
/// AdaMerging's code arranges them. A class is called by its path without the initial, with
/// underscores: `abbey`, `apartment_building_outdoor`.
enum SUN397 {
  static func load(
    _ folder: DataFolder, _ split: DatasetSplit, name: String
  ) throws(DatasetError) -> LabeledImages {
    for base in [folder, DataFolder(folder("sun397"))] where base.isFolder(split.rawValue) {
      return try withoutInitials(
        DatasetError.stream { () throws(StreamError) in
          try ImageFolder.load(base(split.rawValue), name: name)
        })
    }
    let list = split == .test ? "Testing_01.txt" : "Training_01.txt"
    let base = try folder.base(.sun397, in: ["SUN397"], holding: [list])
    return try SplitFile(base, list, images: base).load(name: name) {
      // /a/apartment_building/outdoor/sun_aaa.jpg
      let parts = $0.split(separator: "/")
      guard parts.count >= 3, parts[0].count == 1 else { return nil }
      return (
        parts.joined(separator: "/"), parts[1..<parts.count - 1].joined(separator: "_")
      )
    }
  }

  /// Folders `a_abbey` as classes `abbey`, if all of them begin so.
  private static func withoutInitials(_ loaded: LabeledImages) -> LabeledImages {
    let names = loaded.labels.classNames
    let haveInitials = names.allSatisfy { name in
      name.count > 2 && name.dropFirst().first == "_" && name.dropFirst(2).first == name.first
    }
    guard haveInitials else { return loaded }
    return LabeledImages(
      images: loaded.images, labels: loaded.labels.renamed(names.map { String($0.dropFirst(2)) }))
  }
}
