/// A results folder that can't be read or written.
public enum ResultError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// A file whose content can't be had.
  case notRead(path: String, reason: String)
  /// A file that is not the record of the cell that its name says.
  case foreignRecord(path: String, key: String)
  /// Another run writes to the folder.
  case inUse(folder: String)
  /// A folder in which no plan was run.
  case noRun(folder: String)
  /// A description of a run that can't be used.
  case unreadableRun(path: String, reason: String)
  /// Another plan runs in the folder.
  case differentRun(folder: String, difference: String)

  /// What is wrong, without what to do about it.
  public var problem: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): not a readable cell record (\(reason))"
    case .foreignRecord(let path, let key): "\(path): holds the record of cell \(key)"
    default: description
    }
  }

  public var description: String {
    switch self {
    case .unreadable: "\(problem); delete the file to have it computed again"
    case .notRead(let path, let reason):
      "\(path): can't be read (\(reason))"
    case .unwritable(let path, let reason):
      "\(path): can't be written (\(reason))"
    case .foreignRecord: "\(problem); delete the file to have its cell computed again"
    case .inUse(let folder):
      "\(folder): another run writes its results there; wait for its end or give --output another "
        + "folder"
    case .noRun(let folder):
      "\(folder): no plan was run there (run/manifest.json is missing)"
    case .unreadableRun(let path, let reason):
      "\(path): not a readable description of a run (\(reason)); begin the run again with the same "
        + "command, finished cells are kept"
    case .differentRun(let folder, let difference):
      "\(folder): the run there is of \(difference); give --output another folder, or begin a new "
        + "run in this one with 'bench', which keeps the finished cells"
    }
  }
}
