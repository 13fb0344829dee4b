internal import Checkpoints
internal import Merging
internal import TensorCore
internal import VisionModels

/// Merged weights worked out tensor by tensor in double precision from the files of base model and
/// experts and the golden masks of TIES, and the masks themselves.
struct MergedWeights {
  private let set: ParitySet
  private let masks: SafetensorsFile

  /// - Throws: `checkpoint`.
  init(_ set: ParitySet) throws(ParityError) {
    self.set = set
    do {
      masks = try SafetensorsFile(path: "\(set.folder)/ties_masks.safetensors")
    } catch {
      throw .checkpoint(error)
    }
  }

  /// The error of `base + lambda * sum of the task vectors`, relative to each tensor's largest weight.
  func error(
    of merged: StateDict, lambda: Double, isTrimmed: Bool
  ) throws(ParityError) -> LargestError {
    var sums = [Double](repeating: 0, count: merged.values.count)
    let base = set.base.parameters
    for task in set.heads.indices {
      let expert = try set.expert(task)
      for entry in base.layout.entries {
        let mask = isTrimmed ? try self.mask(task, entry) : nil
        for (offset, index) in entry.range.enumerated() where mask.map({ $0[offset] != 0 }) ?? true
        {
          sums[index] += Double(expert.values[index] - base.values[index])
        }
      }
    }
    var error = LargestError()
    for entry in base.layout.entries {
      let expected = entry.range.map { Double(base.values[$0]) + lambda * sums[$0] }
      error.add(
        Array(merged.values[entry.range]), GoldenArray(shape: [expected.count], values: expected))
    }
    return error
  }

  /// In how many entries each task's mask differs from where its trimmed vector is not zero.
  func differingMaskEntries() throws(ParityError) -> [Int] {
    let trimmed: TaskVectorBank
    do {
      trimmed = try set.bank.agreeing(density: set.golden.setup.topk)
    } catch {
      throw .merging(error)
    }
    return try trimmed.tasks.enumerated().map { (task, name) throws(ParityError) in
      let vector: StateDict?
      do throws(MergingError) {
        vector = try trimmed.vector(of: name)
      } catch {
        throw .merging(error)
      }
      guard let vector else { return trimmed.layout.count }
      var differing = 0
      for entry in trimmed.layout.entries {
        let mask = try mask(task, entry)
        for (offset, index) in entry.range.enumerated()
        where (mask[offset] != 0) != (vector.values[index] != 0) {
          differing += 1
        }
      }
      return differing
    }
  }

  /// One byte for each element, 1 where it is kept.
  private func mask(
    _ task: Int, _ entry: ParameterLayout.Entry
  ) throws(ParityError) -> [UInt8] {
    let name = "task\(task)/\(entry.name)"
    do throws(CheckpointError) {
      guard let description = masks[name] else {
        throw .missingTensors(file: masks.path, names: [name])
      }
      guard description.shape == entry.shape else {
        throw .shapeMismatch(
          file: masks.path, tensor: name, expected: entry.shape, got: description.shape)
      }
      guard description.type == .uint8 else {
        throw .invalidEntry(
          file: masks.path, tensor: name,
          reason: "is \(description.type.rawValue), a mask should be U8")
      }
      return try masks.bytes(of: name)
    } catch {
      throw .checkpoint(error)
    }
  }
}
