internal import Streams

/// Stanford Cars (Krause et al., 2013): `cars_test/*.jpg` with `cars_test_annos_withlabels.mat`,
/// `cars_train/*.jpg` with `devkit/cars_train_annos.mat`, and the classes' names in
/// `devkit/cars_meta.mat`. Folders of classes, `stanford_cars_folder_based/test`, as task_vectors
/// falls back to them, are read too.
enum StanfordCars {
  static func load(
    _ folder: DataFolder, _ split: DatasetSplit, name: String
  ) throws(DatasetError) -> LabeledImages {
    let folders = "stanford_cars_folder_based/\(split.rawValue)"
    if folder.isFolder(folders) {
      return try DatasetError.stream { () throws(StreamError) in
        try ImageFolder.load(folder(folders), name: name)
      }
    }
    let images = "cars_\(split.rawValue)"
    let annotations =
      split == .train ? "devkit/cars_train_annos.mat" : "cars_test_annos_withlabels.mat"
    let meta = "devkit/cars_meta.mat"
    let base = try folder.base(.cars, in: ["stanford_cars"], holding: [images, annotations, meta])
    let classNames = try classNames(base(meta))
    let path = base(annotations)
    let imageFolder = DataFolder(base(images))
    var list = SampleList(name: name)
    for (index, annotation) in try self.annotations(path).enumerated() {
      guard let number = annotation.number, (1...max(classNames.count, 1)).contains(number),
        let file = annotation.file, !file.isEmpty, !file.contains("/")
      else {
        throw .malformed(
          path: path, place: "annotation \(index + 1)",
          problem:
            "has no 'fname' with a 'class' of 1 to \(classNames.count); without classes it is "
            + "the file of the challenge, take the one with labels")
      }
      try list.append(
        file: file, in: imageFolder, classIndex: number - 1, list: path, line: index + 1)
    }
    return try list.labeled(classNames, path: path, expected: "annotations")
  }

  private static func classNames(_ path: String) throws(DatasetError) -> [String] {
    guard case .cells(let cells) = try MATFile(path).variable("class_names").value() else {
      throw .malformed(
        path: path, place: "variable 'class_names'", problem: "holds no cells of texts")
    }
    var names: [String] = []
    var seen: Set<String> = []
    for (index, cell) in cells.enumerated() {
      guard let name = cell.text, !name.isEmpty, seen.insert(name).inserted else {
        throw .malformed(
          path: path, place: "variable 'class_names', cell \(index + 1)",
          problem: "holds no name, or one that another class has")
      }
      names.append(name)
    }
    return names
  }

  private static func annotations(
    _ path: String
  ) throws(DatasetError) -> [(file: String?, number: Int?)] {
    guard
      case .structs(let fields, let values) = try MATFile(path).variable("annotations").value(),
      let file = fields.firstIndex(of: "fname"), let number = fields.firstIndex(of: "class")
    else {
      throw .malformed(
        path: path, place: "variable 'annotations'",
        problem:
          "holds no structs with the fields 'fname' and 'class'; the file of the test images "
          + "without labels has no 'class', take the one with labels")
    }
    return stride(from: 0, to: values.count, by: fields.count).map {
      (values[$0 + file].text, values[$0 + number].integer)
    }
  }
}
