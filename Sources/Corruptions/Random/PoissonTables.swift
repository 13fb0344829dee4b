internal import Foundation

/// Poisson draws by inversion: one uniform draw gives one count, so that a field of uniforms decides
/// the counts. A mean's distribution is tabulated when it first comes; an image has few different
/// means (one for each level), and then a draw is a look-up.
struct PoissonTables {
  /// One mean's distribution.
  private struct Table {
    /// The count that the first entry stands for.
    let least: Int
    /// Where its entries begin and how many they are.
    let start, count: Int
  }

  /// Equal parts of 0...1, each with the first entry that can be meant.
  private static let parts = 64
  private static let slots = 8192
  /// How many draws are looked up at a time, and how many tables are kept from one time to the next:
  /// the slots never fill up.
  private static let limit = 2048

  private var tables: [Table] = []
  /// The distribution functions, one after another.
  private var cumulative: [Double] = []
  private var guides: [Int32] = []
  /// A hash table from means to tables.
  private var means = [Double](repeating: -1, count: slots)
  private var indices = [Int32](repeating: 0, count: slots)

  /// For each mean the count whose distribution function reaches the uniform draw.
  ///
  /// - Parameters:
  ///   - uniforms: in [0, 1), as many as means.
  ///   - means: 0 to 1e6; below, or not a number, counts as 0.
  static func counts(_ uniforms: [Double], means: [Double]) -> [Double] {
    precondition(uniforms.count == means.count, "one draw for each mean")
    var tables = PoissonTables()
    var indices = [Int32](repeating: 0, count: limit)
    return [Double](capacity: means.count) { output in
      for start in stride(from: 0, to: means.count, by: limit) {
        let range = start..<min(start + limit, means.count)
        if tables.tables.count > limit { tables = PoissonTables() }
        tables.find(means.span.extracting(range), indices: &indices)
        tables.look(up: uniforms.span.extracting(range), indices: indices.span, into: &output)
      }
    }
  }

  /// The tables of up to `limit` means; new ones are made.
  private mutating func find(_ means: Span<Double>, indices: inout [Int32]) {
    var last = (mean: Double.nan, index: Int32(0))
    var output = indices.mutableSpan
    for place in means.indices {
      let mean = means[place]
      // Neighbouring samples are often equal.
      if mean != last.mean { last = (mean, mean > 0 ? tableIndex(mean) : -1) }
      output[place] = last.index
    }
  }

  private func look(
    up uniforms: Span<Double>, indices: Span<Int32>, into output: inout OutputSpan<Double>
  ) {
    let (tables, cumulative, guides) = (tables.span, cumulative.span, guides.span)
    for place in uniforms.indices {
      let index = Int(indices[place])
      guard index >= 0 else {
        output.append(0)
        continue
      }
      let table = tables[index]
      let uniform = uniforms[place]
      let part = Int(uniform * Double(Self.parts))
      var entry = Int(guides[index * Self.parts + part])
      while entry < table.count - 1, cumulative[table.start + entry] <= uniform { entry += 1 }
      output.append(Double(table.least + entry))
    }
  }

  private mutating func tableIndex(_ mean: Double) -> Int32 {
    precondition(mean <= 1e6, "a mean of \(mean)")
    var slot = Int((mean.bitPattern &* 0x9E37_79B9_7F4A_7C15) >> 51)
    while means[slot] != mean {
      if means[slot] < 0 {
        means[slot] = mean
        indices[slot] = Int32(tables.count)
        append(mean)
        break
      }
      slot = (slot + 1) % Self.slots
    }
    return indices[slot]
  }

  /// Tabulates the distribution as far as doubles show it.
  private mutating func append(_ mean: Double) {
    let mode = mean.rounded(.down)
    let peak = exp(mode * log(mean) - mean - logGamma(mode + 1))
    var below: [Double] = []
    var (probability, count) = (peak, mode)
    while count > 0, probability > 1e-18 {
      probability *= count / mean
      count -= 1
      below.append(probability)
    }
    let least = Int(mode) - below.count
    let start = cumulative.count
    var sum = 0.0
    for value in below.reversed() {
      sum += value
      cumulative.append(sum)
    }
    (probability, count) = (peak, mode)
    while probability > 1e-18 {
      sum += probability
      cumulative.append(sum)
      count += 1
      probability *= mean / count
    }
    for index in start..<cumulative.count { cumulative[index] /= sum }
    var entry = 0
    for part in 0..<Self.parts {
      let bound = Double(part) / Double(Self.parts)
      while start + entry < cumulative.count - 1, cumulative[start + entry] <= bound { entry += 1 }
      guides.append(Int32(entry))
    }
    tables.append(Table(least: least, start: start, count: cumulative.count - start))
  }
}

/// The logarithm of the gamma function by Stirling's series, term by term as NumPy computes it.
func logGamma(_ x: Double) -> Double {
  if x == 1 || x == 2 { return 0 }
  let series = [
    8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04, -5.952380952380952e-04,
    8.417508417508418e-04, -1.917526917526918e-03, 6.410256410256410e-03, -2.955065359477124e-02,
    1.796443723688307e-01, -1.39243221690590e+00,
  ]
  // The series is good from 7 up: smaller arguments go there by the recurrence.
  let steps = x < 7 ? Int(7 - x) : 0
  var shifted = x + Double(steps)
  let square = (1 / shifted) * (1 / shifted)
  let sum = series.dropLast().reversed().reduce(series[9]) { $0 * square + $1 }
  var result =
    sum / shifted + 0.5 * 1.8378770664093453 + (shifted - 0.5) * log(shifted) - shifted
  for _ in 0..<steps {
    shifted -= 1
    result -= log(shifted)
  }
  return result
}
