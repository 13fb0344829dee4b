internal import Configuration
internal import TensorCore

/// Columns of a sensor that are stuck: black or white from top to bottom.
struct DeadColumns: CorruptionPrimitive {
  static let name = "dead_columns"
  static let summary = "makes a share `share` of the columns black or white"

  /// Of the columns; where it is above 0, at least one is hit.
  let share: Double
  /// The part of the dead columns that is white.
  let bright: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    share = try parameters.double("share", in: 0...1)
    bright = try parameters.double("bright", in: 0...1, default: 0.5)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    guard share > 0 else { return }
    let width = image.width
    let ranks = random.uniforms(width)
    let kinds = random.uniforms(width)
    image.modifyPixels { strike(&$0, ranks: ranks, kinds: kinds) }
  }

  /// - Parameters:
  ///   - ranks: uniform in [0, 1), one for each column: the lowest ones are hit.
  ///   - kinds: uniform in [0, 1), one for each column: white below `bright`, else black.
  func strike(_ samples: inout [UInt8], ranks: [Double], kinds: [Double]) {
    let width = ranks.count
    let count = max(1, Int((share * Double(width)).rounded()))
    // Equal draws are told apart by their places: the sort need not be stable.
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    let dead = order.prefix(count).sorted()
    var span = samples.mutableSpan
    for row in stride(from: 0, to: span.count, by: 3 * width) {
      for column in dead {
        let level: UInt8 = kinds[column] < bright ? 255 : 0
        for index in row + 3 * column..<row + 3 * column + 3 { span[index] = level }
      }
    }
  }
}
