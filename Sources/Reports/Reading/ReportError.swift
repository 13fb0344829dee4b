/// Why a report can't be made from what lies in a run folder.
public enum ReportError: Error, Equatable, CustomStringConvertible {
  /// A file or folder that can't be opened or is not UTF-8.
  case unreadable(path: String, reason: String)
  /// Text that is not RFC 4180. `line` and `position` (in characters) count from 1.
  case notCSV(path: String, line: Int, position: Int, reason: String)
  /// The header lacks a column that the report can't do without.
  case missingColumn(path: String, column: String)
  /// The header has a column twice.
  case repeatedColumn(path: String, column: String)
  /// A line with more or fewer fields than the header.
  case fieldCount(path: String, line: Int, expected: Int, got: Int)
  /// A field that is not what its column holds.
  case badField(path: String, line: Int, column: String, value: String, expected: String)
  /// A comparison needs two runs.
  case comparisonNeedsTwoRuns(got: Int)
  /// A baseline that no experiment of the runs has.
  case unknownBaseline(String, known: [String])
  /// The same folder given twice.
  case repeatedRun(path: String)
  /// A file of the report that can't be written.
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): can't be read (\(reason))"
    case .notCSV(let path, let line, let position, let reason):
      "\(path):\(line):\(position): not CSV: \(reason)"
    case .missingColumn(let path, let column):
      "\(path):1: there is no column '\(column)'"
    case .repeatedColumn(let path, let column):
      "\(path):1: the column '\(column)' is there twice"
    case .fieldCount(let path, let line, let expected, let got):
      "\(path):\(line): \(got) fields, where the header has \(expected)"
    case .badField(let path, let line, let column, let value, let expected):
      "\(path):\(line): column '\(column)' holds '\(value.prefix(60))'; \(expected) is needed"
    case .comparisonNeedsTwoRuns(let got):
      "--compare takes two run folders, not \(got)"
    case .unknownBaseline(let name, let known):
      "--baseline: the results have no method '\(name)'; they have \(known.joined(separator: ", "))"
    case .repeatedRun(let path):
      "\(path): this run is given twice"
    case .unwritable(let path, let reason):
      "\(path): can't be written (\(reason))"
    }
  }
}
