import Merging
import Testing

@Suite("Adam")
struct AdamTests {
  @Test("The first step has the length of the learning rate, against the sign of the gradient")
  func firstStep() {
    var adam = Adam(count: 3, learningRate: 0.1)
    var parameters = [1.0, 1, 1]
    adam.update(&parameters, gradient: [1e-3, -50, 0])
    #expect(abs(parameters[0] - 0.9) < 1e-5)
    #expect(abs(parameters[1] - 1.1) < 1e-9)
    #expect(parameters[2] == 1)
  }

  @Test("Steps follow the update rule of the paper")
  func rule() {
    var adam = Adam(count: 1, learningRate: 0.01)
    var found = [0.5]
    var (expected, m, v) = (0.5, 0.0, 0.0)
    var (power1, power2) = (1.0, 1.0)
    for slope in [0.3, -0.1, 2, 0, 1e-9] {
      adam.update(&found, gradient: [slope])
      m = 0.9 * m + 0.1 * slope
      v = 0.999 * v + 0.001 * slope * slope
      power1 *= 0.9
      power2 *= 0.999
      expected -= 0.01 * (m / (1 - power1)) / ((v / (1 - power2)).squareRoot() + 1e-8)
      #expect(abs(found[0] - expected) < 1e-12)
    }
    #expect(adam.updates == 5)
  }
}
