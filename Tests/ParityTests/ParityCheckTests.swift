import Foundation
import Parity
import TestSupport
import Testing

@Suite("Parity with PyTorch")
struct ParityCheckTests {
  private func failures(_ folder: String) throws -> [ParityResult] {
    try ParityCheck.run(ParitySet(folder)).failures
  }

  @Test("Everything that PyTorch computed of the committed set comes out here")
  func committed() throws {
    var shares: [Double] = []
    let report = try ParityCheck.run(ParitySet(ParityGoldens.path)) { share, _ in
      shares.append(share)
    }
    #expect(report.failures.isEmpty, "\(report.failures)")
    for quantity in ParityQuantity.allCases {
      #expect(report.results.contains { $0.quantity == quantity }, "\(quantity)")
    }
    let runs = report.results.filter { $0.quantity == .trajectories }.map(\.name)
    #expect(
      runs == [
        "adamerging.layerwise", "adamerging.taskwise", "adamergingpp.layerwise",
        "adamergingpp.taskwise", "clamped.layerwise", "fusionbench.layerwise_noproj",
      ])
    #expect(shares == shares.sorted())
    #expect(shares.allSatisfy { (0..<1).contains($0) })
  }

  @Test("What is not compared is told with the reason")
  func remarks() throws {
    let remarks = try ParityCheck.run(ParitySet(ParityGoldens.path)).remarks
    #expect(remarks.count == 1, "all goldens are compared: \(remarks)")
    #expect(remarks[0].contains("the 2 rows of keys' biases"))
    #expect(remarks[0].contains("zero in exact arithmetic"))
  }

  @Test(
    "A golden that is off by more than the tolerance is found, and nothing else",
    arguments: [
      ("base.task0.image_embeds", ParityQuantity.features, "base"),
      ("ft1.task0.logits", .logits, "ft1"),
      ("merged_ties_taskwise_0.3.task1.entropy", .entropies, "merged_ties_taskwise_0.3"),
      ("adamerging.layerwise.grad_at_init", .gradients, "adamerging.layerwise"),
      (
        "adamergingpp.taskwise.grad_per_task_loss", .gradients,
        "adamergingpp.taskwise.grad_per_task_loss"
      ),
      ("clamped.layerwise.lambda_trajectory", .trajectories, "clamped.layerwise"),
      (
        "fusionbench.layerwise_noproj.loss_trajectory", .losses, "fusionbench.layerwise_noproj"
      ),
    ])
  func perturbed(tensor: String, quantity: ParityQuantity, name: String) throws {
    let folder = try ParityGoldens.copy(scalingLargestOf: tensor, by: 1.01)
    let failures = try failures(folder.path)
    #expect(failures.map(\.quantity) == [quantity])
    #expect(failures.map(\.name) == [name])
    let expected = name == "clamped.layerwise" ? 1e-4..<0.01 : 0.005..<0.011
    #expect(failures.allSatisfy { expected.contains($0.error) }, "\(failures)")
  }

  @Test("A mask that differs by one entry is found, and so are the weights that it makes")
  func perturbedMask() throws {
    let folder = try ParityGoldens.copy(
      changing: "task1/visual_projection.weight", in: "ties_masks.safetensors"
    ) { $0[3] ^= 1 }
    let failures = try failures(folder.path)
    #expect(failures.map(\.quantity) == [.mergedWeights, .masks])
    #expect(failures.last?.name == "task1")
    #expect(failures.last?.error == 1)
  }

  @Test("Numbers of another model than the set's are found")
  func otherModel() throws {
    let folder = try ParityGoldens.copy()
    let files = ["ft0", "ft1"].map { URL(filePath: "\(folder.path)/\($0)") }
    let other = URL(filePath: "\(folder.path)/other")
    for (from, to) in [(files[0], other), (files[1], files[0]), (other, files[1])] {
      try FileManager.default.moveItem(at: from, to: to)
    }
    let failing = Set(try failures(folder.path).map(\.quantity))
    #expect(failing.isSuperset(of: [.features, .masks, .gradients, .trajectories]))
  }
}
