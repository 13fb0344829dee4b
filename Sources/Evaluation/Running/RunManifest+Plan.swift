internal import Foundation
internal import Results
internal import Streams
internal import TensorCore

extension RunManifest {
  /// The manifest of a plan's cells.
  init(
    _ planned: [PlannedCell], units: [RunUnit], plan: String, backbone: String,
    codeVersion: String, keepsPredictions: Bool
  ) {
    var unitOfCell: [CellKey: CellKey] = [:]
    for unit in units {
      for cell in unit.cells { unitOfCell[cell.key] = unit.key }
    }
    self.init(
      plan: plan, backbone: backbone, codeVersion: codeVersion,
      keepsPredictions: keepsPredictions,
      cells: planned.map { planned in
        let cell = planned.cell
        return Cell(
          key: planned.key, unit: unitOfCell[planned.key]!, title: cell.title,
          experiment: cell.experiment, method: cell.method.name,
          methodOptions: cell.method.optionsText, isGridPoint: cell.method.isGridPoint,
          seen: cell.seen, unseen: cell.unseen, protocolName: cell.protocolName.rawValue,
          adaptStream: cell.adaptText, evaluateStream: cell.evaluate.text,
          boundary: cell.boundary, corruption: cell.evaluate.phase.name,
          severity: cell.domain?.severity?.value, profile: cell.profile,
          adaptation: cell.adaptation.settings.title)
      })
  }
}

extension Plan {
  /// The plan as it was written, for people who look at its results; empty if its file is gone.
  public var copy: String {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return "" }
    return "# A copy of \(file), as the run began. Paths in it are relative to that file.\n" + text
  }
}
