import Foundation
import Parity
import TestSupport
import Testing

@Suite("Parity sets")
struct ParitySetTests {
  private func problem(_ folder: String) -> String {
    do {
      _ = try ParityCheck.run(ParitySet(folder))
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test("A folder that is none is refused with what would be one")
  func noSet() throws {
    let folder = try TemporaryFolder()
    #expect(
      throws: ParityError.notASet(
        folder: folder.path, reason: "golden.json can't be read: no such file")
    ) { try ParitySet(folder.path) }
    #expect(problem(folder.path).contains("Tests/parity/run.py makes such folders"))
  }

  @Test(
    "What is missing is named",
    arguments: [
      ("golden.json", "golden.json can't be read"), ("inputs.safetensors", "no inputs.safetensors"),
      ("golden.safetensors", "no golden.safetensors"),
      ("head1.safetensors", "no head1.safetensors"),
      ("ties_masks.safetensors", "no ties_masks.safetensors"), ("base", "base/config.json"),
      ("ft1/model.safetensors", "ft1/model.safetensors"),
    ])
  func missing(name: String, message: String) throws {
    let folder = try ParityGoldens.copy()
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    #expect(problem(folder.path).contains(message), "\(problem(folder.path))")
  }

  @Test(
    "A golden.json that contradicts the models or asks for what there is not is refused",
    arguments: [
      (#""steps":20"#, #""steps":0"#, "steps, lr: should be above 0"),
      (#""steps":20"#, #""steps":"x""#, "adamerging.layerwise.steps"),
      (#""eps":1e-08"#, #""eps":1e-06"#, "betas, eps: should be 0.9, 0.999 and 1e-8"),
      (#""tasks":2"#, #""tasks":0"#, "at least one task"),
      (#""tasks":2"#, #""tasks":1"#, "setup.experts: should name one for each"),
      (#""topk":0.2"#, #""topk":1.5"#, "topk above 0 to 1"),
      (#""topk":0.2,"#, "", "setup.topk: is missing"),
      (#""logit_scale":100.0"#, #""logit_scale":50.0"#, "head0.safetensors: weight: should be"),
      (
        "visual_projection.weight", "projection", "setup.tensor_names: should be the base model's"
      ),
      (#"{"adamerging.taskwise""#, #"["adamerging.taskwise""#, "golden.json: the document"),
    ])
  func unsuitable(old: String, new: String, message: String) throws {
    let folder = try ParityGoldens.copy(replacing: old, by: new, in: "golden.json")
    #expect(problem(folder.path).contains(message), "\(problem(folder.path))")
  }

  @Test("A run that merges other tensors than all or all but the projection is refused")
  func otherTensors() throws {
    let folder = try ParityGoldens.copy(
      replacing: #""merged_tensors":["vision_model.embeddings.class_embedding","#,
      by: #""merged_tensors":["#, in: "golden.json")
    #expect(problem(folder.path).contains("merged_tensors: should be all of tensor_names"))
  }

  @Test("A golden that is NaN is refused by name")
  func nonFinite() throws {
    let folder = try ParityGoldens.copy(
      scalingLargestOf: "adamerging.taskwise.grad_at_init", by: .nan)
    #expect(
      problem(folder.path).contains("adamerging.taskwise.grad_at_init: holds NaN or infinity"))
  }
}
