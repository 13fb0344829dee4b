import Foundation
import Launching
import Results

/// A key that falls to shard `index` of `count`.
func exampleKey(_ index: Int, of count: Int, _ salt: String = "") -> CellKey {
  var number = 0
  while true {
    let key = CellKey(["salt": salt, "number": "\(number)"])
    if Shard.index(of: key, count: count) == index { return key }
    number += 1
  }
}

/// A record, and the cell of a manifest that it is of.
func exampleCell(
  _ name: String, unit: CellKey? = nil, failure: String? = nil
) -> (cell: RunManifest.Cell, record: CellRecord) {
  let record = CellRecord(
    ingredients: ["name": name], outcome: failure.map { .failed(reason: $0) } ?? .measured([]),
    adaptationSeconds: 0, seconds: 1,
    provenance: Provenance(
      codeVersion: "1", recipeHash: nil, weightsHash: "w", dataHash: "d", seed: 0, blas: "b",
      cpuPath: "c", threads: 1))
  let cell = RunManifest.Cell(
    key: record.key, unit: unit ?? record.key, title: name, experiment: "x", method: "ties",
    methodOptions: "", isGridPoint: false, seen: ["a"], unseen: ["b"],
    protocolName: "transductive", adaptStream: "none", evaluateStream: "fog-3", boundary: nil,
    corruption: "fog", severity: 3, profile: "imagenet-c", adaptation: "paper")
  return (cell, record)
}

func exampleHolder(
  _ shard: Int = 0, of count: Int = 2, host: String = "elsewhere", process: Int32 = 1,
  job: String? = nil
) -> Claims.Holder {
  Claims.Holder(shard: Shard(shard, of: count), host: host, process: process, job: job)
}
