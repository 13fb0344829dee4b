internal import Foundation
internal import Inputs

/// A folder with one folder of images per class: `svhn/test/<class>/**/*.png`.
public enum ImageFolder {
  /// The file name extensions that are taken for images, in lower case; files are decoded by
  /// content. Other files are left out.
  public static let extensions: Set<String> = [
    "png", "jpg", "jpeg", "jfif", "pnm", "ppm", "pgm", "pbm",
  ]

  /// The images below `folder` by class folder, then by path, in byte order; names that begin with
  /// a dot are left out.
  ///
  /// - Parameters:
  ///   - folder: holds the class folders; a class may hold folders of its own.
  ///   - name: the task's name, the first part of the sample ids.
  public static func load(_ folder: String, name: String) throws(StreamError) -> LabeledImages {
    let classNames = try entries(of: folder).filter { isFolder("\(folder)/\($0)") }
    guard !classNames.isEmpty else { throw .noClasses(folder: folder) }
    var builder = LabeledImages.Builder(name: name)
    for (index, className) in classNames.enumerated() {
      for path in try images(below: "\(folder)/\(className)", relative: className) {
        let sample = Sample(id: SampleID("\(name)/\(path)"), path: "\(folder)/\(path)")
        // Paths in a folder are different.
        _ = builder.append(sample, classIndex: index)
      }
    }
    guard builder.count > 0 else { throw .noImages(folder) }
    return builder.labeled(classNames)
  }

  private static func images(
    below folder: String, relative: String, depth: Int = 1
  ) throws(StreamError) -> [String] {
    guard depth <= InputFolder.depthLimit else {
      throw .unreadable(
        path: folder, reason: "\(InputError.foldersTooDeep(limit: InputFolder.depthLimit))")
    }
    var found: [String] = []
    for entry in try entries(of: folder) {
      if isFolder("\(folder)/\(entry)") {
        found += try images(
          below: "\(folder)/\(entry)", relative: "\(relative)/\(entry)",
          depth: depth + 1)
      } else if hasImageExtension(entry) {
        found.append("\(relative)/\(entry)")
      }
    }
    return found
  }

  private static func hasImageExtension(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return extensions.contains(name[name.index(after: dot)...].lowercased())
  }

  private static func entries(of folder: String) throws(StreamError) -> [String] {
    guard isFolder(folder) else { throw .noFolder(folder) }
    do {
      return try InputFolder.names(in: folder).filter { !$0.hasPrefix(".") }
    } catch {
      throw .unreadable(path: folder, reason: "\(error)")
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && isFolder.boolValue
  }
}
