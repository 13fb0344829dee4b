internal import Foundation
internal import Inputs
internal import TensorCore

/// What a results folder is to hold: the cells of the plan that runs there, and what the tables say
/// of each besides its record. Kept in the folder, so that workers can tell that they run the same
/// plan, and tables can be made anywhere from the folder alone, without models and images.
public struct RunManifest: Codable, Hashable, Sendable {
  /// A cell as one experiment of the plan asks for it.
  public struct Cell: Codable, Hashable, Sendable {
    public let key: CellKey
    /// What it is computed with: cells of one adaptation have the same.
    public let unit: CellKey
    /// For messages.
    public let title: String
    public let experiment: String
    public let method: String
    public let methodOptions: String
    public let isGridPoint: Bool
    public let seen: [String]
    public let unseen: [String]
    public let protocolName: String
    public let adaptStream: String
    public let evaluateStream: String
    public let boundary: Int?
    public let corruption: String
    /// 0 to 5; nil for clean and for mixed images.
    public let severity: Double?
    public let profile: String
    public let adaptation: String

    public init(
      key: CellKey, unit: CellKey, title: String, experiment: String, method: String,
      methodOptions: String, isGridPoint: Bool, seen: [String], unseen: [String],
      protocolName: String, adaptStream: String, evaluateStream: String, boundary: Int?,
      corruption: String, severity: Double?, profile: String, adaptation: String
    ) {
      self.key = key
      self.unit = unit
      self.title = title
      self.experiment = experiment
      self.method = method
      self.methodOptions = methodOptions
      self.isGridPoint = isGridPoint
      self.seen = seen
      self.unseen = unseen
      self.protocolName = protocolName
      self.adaptStream = adaptStream
      self.evaluateStream = evaluateStream
      self.boundary = boundary
      self.corruption = corruption
      self.severity = severity
      self.profile = profile
      self.adaptation = adaptation
    }

    /// The cell's rows in the table of results, one per task.
    func rows(_ record: CellRecord, backbone: String) -> [ResultRecord] {
      (seen + unseen).enumerated().map { place, task in
        ResultRecord(
          experiment: experiment, method: method, methodOptions: methodOptions,
          isGridPoint: isGridPoint, backbone: backbone, task: task, seen: place < seen.count,
          protocolName: protocolName, adaptStream: adaptStream, evaluateStream: evaluateStream,
          boundary: boundary, corruption: corruption,
          severity: severity.flatMap(Severity.init(validating:)), profile: profile,
          adaptation: adaptation, record: record)
      }
    }
  }

  public let plan: String
  public let backbone: String
  /// The program that computes the cells: their keys depend on it.
  public let codeVersion: String
  /// Whether cells keep their predictions too.
  public let keepsPredictions: Bool
  /// In the order of the plan; a key stands as often as experiments ask for it.
  public let cells: [Cell]
  /// The hash of the keys: equal in two processes that run the same cells.
  public let fingerprint: String

  public init(
    plan: String, backbone: String, codeVersion: String, keepsPredictions: Bool = false,
    cells: [Cell]
  ) {
    self.keepsPredictions = keepsPredictions
    self.plan = plan
    self.backbone = backbone
    self.codeVersion = codeVersion
    self.cells = cells
    fingerprint = Self.fingerprint(plan, cells)
  }

  private static func fingerprint(_ plan: String, _ cells: [Cell]) -> String {
    let lines = cells.map { "\($0.unit) \($0.key) \($0.experiment)" }
    return ContentHash(of: ([plan] + lines).joined(separator: "\n")).description
  }

  /// The cells of each unit, each key once, units in the order of the plan.
  public var units: [(key: CellKey, cells: [CellKey])] {
    var units: [(key: CellKey, cells: [CellKey])] = []
    var places: [CellKey: Int] = [:]
    var known: Set<CellKey> = []
    for cell in cells where known.insert(cell.key).inserted {
      if let place = places[cell.unit] {
        units[place].cells.append(cell.key)
      } else {
        places[cell.unit] = units.count
        units.append((cell.unit, [cell.key]))
      }
    }
    return units
  }

  /// The rows of the cells that have a record, in the order of the plan.
  public func rows(_ records: [CellKey: CellRecord]) -> [ResultRecord] {
    cells.flatMap { cell in records[cell.key].map { cell.rows($0, backbone: backbone) } ?? [] }
  }

  // MARK: Files

  private static func path(in folder: String) -> String { "\(folder)/run/manifest.json" }

  /// The manifest of the run in `folder`.
  ///
  /// - Throws: `noRun`, `unreadableRun`.
  public init(of folder: String) throws(ResultError) {
    let path = Self.path(in: folder)
    guard FileManager.default.fileExists(atPath: path) else { throw .noRun(folder: folder) }
    do {
      self = try JSONFile.read(path)
    } catch {
      throw .unreadableRun(path: path, reason: (error as? DecodingError)?.reason ?? "\(error)")
    }
    guard fingerprint == Self.fingerprint(plan, cells) else {
      throw .unreadableRun(path: path, reason: "its fingerprint is not that of its cells")
    }
  }

  /// Makes this the run of `folder`, in the place of an earlier one, whose records stay.
  ///
  /// - Parameter planText: the plan as it was written, kept beside for people.
  public func begin(in folder: String, planText: String) throws(ResultError) {
    try AtomicFile.replace("\(folder)/run/plan.yaml", with: Data(planText.utf8))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data: Data
    do {
      data = try encoder.encode(self)
    } catch {
      throw .unwritable(path: Self.path(in: folder), reason: FileReason.of(error))
    }
    try AtomicFile.replace(Self.path(in: folder), with: data)
  }

  /// Joins the run of `folder`, or begins it if there is none yet.
  ///
  /// - Throws: `differentRun` if the folder's run has other cells.
  public func join(in folder: String, planText: String) throws(ResultError) {
    guard FileManager.default.fileExists(atPath: Self.path(in: folder)) else {
      return try begin(in: folder, planText: planText)
    }
    let other = try RunManifest(of: folder)
    guard other.fingerprint != fingerprint else { return }
    let difference =
      if other.plan != plan {
        "the plan '\(other.plan)', not '\(plan)'"
      } else if other.codeVersion != codeVersion {
        "cells of MergeShift \(other.codeVersion), this is \(codeVersion)"
      } else {
        "\(other.cells.count) cells, this plan with these options and files has \(cells.count)"
          + (other.cells.count == cells.count ? " others" : "")
      }
    throw .differentRun(folder: folder, difference: difference)
  }
}
