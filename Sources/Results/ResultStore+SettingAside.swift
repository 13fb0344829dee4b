internal import Foundation

/// Files of cells that are set aside: those that are not as they were written (cut off, with something
/// behind their end, or another cell's), and failures that are to be tried again. They keep their content
/// under another name, so that nothing is lost, and their cells count as not computed.
extension ResultStore {
  /// The record of `key`, as `record(of:)`; nil as well if its file is damaged and was set aside. So
  /// are damaged predictions, without which a store that keeps them does not contain the cell.
  ///
  /// - Parameter report: gets the name that a damaged file has now, and what is wrong with it.
  /// - Throws: `notRead`; `unwritable` if a file can't be renamed.
  public func soundRecord(
    of key: CellKey, _ report: (_ path: String, _ damage: ResultError) -> Void
  ) throws(ResultError) -> CellRecord? {
    let record: CellRecord?
    do throws(ResultError) {
      record = try self.record(of: key)
    } catch .notRead(let path, let reason) {
      throw .notRead(path: path, reason: reason)
    } catch {
      report(try setAside(path(of: key), as: "damaged"), error)
      return nil
    }
    guard keepsPredictions, let record else { return record }
    let predictions = predictionsPath(of: key)
    guard FileManager.default.fileExists(atPath: predictions) else { return record }
    if let damage = try PredictionTable.damage(in: predictions, of: record) {
      report(try setAside(predictions, as: "damaged"), damage)
    }
    return record
  }

  /// Sets the record of `key` aside if it is a failure, so that the cell is computed again.
  ///
  /// - Returns: whether it was one.
  /// - Throws: `unwritable` if a file can't be renamed.
  public func setFailureAside(_ key: CellKey) throws(ResultError) -> Bool {
    // One that can't be read is told by whoever goes on with the run.
    guard let record = try? record(of: key), record.failure != nil else { return false }
    _ = try setAside(path(of: key), as: "failed")
    // Holds no image's predictions, and would keep those that come from being written.
    unsafe unlink(predictionsPath(of: key))
    return true
  }

  /// Renames a file to `<name>.<state>`, or with a number if that is taken.
  private func setAside(_ path: String, as state: String) throws(ResultError) -> String {
    var target = "\(path).\(state)"
    var number = 1
    while FileManager.default.fileExists(atPath: target) {
      number += 1
      target = "\(path).\(state)-\(number)"
    }
    guard unsafe rename(path, target) == 0 else {
      throw .unwritable(path: target, reason: unsafe String(cString: strerror(errno)))
    }
    AtomicFile.syncFolder(of: path)
    return target
  }
}
