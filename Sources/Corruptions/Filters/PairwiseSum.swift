/// The sum of at most 128 values in the order in which NumPy adds them (`np.sum` of a contiguous
/// array: eight running sums, then the rest one by one).
func pairwiseSum(_ values: [Double]) -> Double {
  precondition(values.count <= 128, "NumPy halves longer arrays first")
  guard values.count >= 8 else { return values.reduce(0, +) }
  var lanes = Array(values[0..<8])
  let whole = values.count & ~7
  for index in 8..<max(8, whole) { lanes[index & 7] += values[index] }
  var sum =
    ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
    + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
  for value in values[whole...] { sum += value }
  return sum
}
