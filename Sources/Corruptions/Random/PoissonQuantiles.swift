/// The inverse distribution functions of Poisson distributions, tabulated for 32-bit uniforms as
/// their means turn up. Sums and quotients alone: the same on every machine.
struct PoissonQuantiles {
  /// The distribution of one mean inside the shared arrays.
  private struct Table {
    let mean: Double
    /// The count of the first bound.
    let first: Int
    /// Where its bounds begin.
    let start: Int
  }

  /// How many distributions are kept at a time.
  private static let limit = 2048
  private static let slotBits = 12

  private var tables: [Table] = []
  /// Up to which 32-bit word each count is drawn; a distribution's last one is the largest word.
  private var bounds: [UInt32] = []
  /// For each distribution and each value of a word's upper 8 bits where the search starts.
  private var guides: [UInt32] = []
  /// Of the distribution that is being tabulated: its counts' weights beside the mode's.
  private var weights: [Double] = []
  /// Finds a table by its mean: its index and 1, or 0; open addressing.
  private var slots = [UInt16](repeating: 0, count: 1 << slotBits)

  /// The smallest count whose distribution function is above `word / 2^32`.
  mutating func quantile(of mean: Double, at word: UInt32) -> Int {
    let index = table(of: mean)
    var place = Int(guides[index << 8 | Int(word >> 24)])
    while bounds[place] < word { place += 1 }
    return tables[index].first + place - tables[index].start
  }

  private mutating func table(of mean: Double) -> Int {
    let hash = mean.bitPattern &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: hash >> UInt64(64 - Self.slotBits))
    while slots[slot] > 0 {
      let index = Int(slots[slot]) - 1
      if tables[index].mean == mean { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    if tables.count == Self.limit {
      self = PoissonQuantiles()
      return table(of: mean)
    }
    append(mean)
    slots[slot] = UInt16(tables.count)
    return tables.count - 1
  }

  private mutating func append(_ mean: Double) {
    precondition(mean.isFinite && mean >= 0, "the mean of a Poisson distribution")
    let mode = Int(mean)
    // Until they no longer matter to 32 bits.
    let negligible = 0x1p-45
    weights.removeAll(keepingCapacity: true)
    var weight = 1.0
    for count in stride(from: mode, to: 0, by: -1) {
      weight *= Double(count) / mean
      guard weight > negligible else { break }
      weights.append(weight)
    }
    let first = mode - weights.count
    weights.reverse()
    weights.append(1)
    weight = 1
    for count in (mode + 1)... {
      weight *= mean / Double(count)
      guard weight > negligible else { break }
      weights.append(weight)
    }
    let scale = 0x1p32 / weights.reduce(0, +)
    let start = bounds.count
    var sum = 0.0
    for weight in weights.dropLast() {
      sum += weight
      // A count that no word draws has its predecessor's bound: the search goes past it.
      bounds.append(UInt32(min(max(sum * scale, 1), 0x1p32)) &- 1)
    }
    bounds.append(.max)
    tables.append(Table(mean: mean, first: first, start: start))
    var place = start
    for upper in UInt32(0)..<256 {
      while bounds[place] < upper << 24 { place += 1 }
      guides.append(UInt32(place))
    }
  }
}
