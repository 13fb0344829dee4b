/// Exact area coverage of filled paths by signed-area accumulation (as in libart and font-rs):
/// every edge adds what it covers to the cells it crosses, a running sum along each row then gives
/// the coverage. Costs as much as the outline is long plus the area of its bounding rows.
struct Rasterizer {
  let width: Int
  let height: Int
  private let stride: Int
  private var cells: [Float]
  private var rows: Range<Int> = 0..<0
  private var columns: Range<Int> = 0..<0

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    stride = width + 2
    cells = [Float](repeating: 0, count: stride * height)
  }

  /// Adds the outline of `path`, mapped by `transform`.
  mutating func add(_ path: Path, _ transform: Affine) {
    var lowest = Point(Float(width), Float(height))
    var highest = Point(0, 0)
    var start = 0
    for end in path.ends {
      guard end > start else { continue }
      var previous = transform(path.points[end - 1])
      for index in start..<end {
        let point = transform(path.points[index])
        lowest = pointwiseMin(lowest, point)
        highest = pointwiseMax(highest, point)
        addEdge(previous, point)
        previous = point
      }
      start = end
    }
    rows = Self.union(rows, lowest.y, highest.y, height)
    columns = Self.union(columns, lowest.x, highest.x, width)
  }

  /// `range` widened by the cells from `lowest` to `highest` out of `0..<count`.
  private static func union(
    _ range: Range<Int>, _ lowest: Float, _ highest: Float, _ count: Int
  ) -> Range<Int> {
    let first = Int(min(max(lowest, 0), Float(count)))
    let last = max(first, Int(min(max(highest, 0), Float(count)).rounded(.up)))
    return range.isEmpty
      ? first..<last : min(first, range.lowerBound)..<max(last, range.upperBound)
  }

  private mutating func addEdge(_ start: Point, _ end: Point) {
    guard start.y != end.y else { return }
    let direction: Float = start.y < end.y ? 1 : -1
    let (top, bottom) = start.y < end.y ? (start, end) : (end, start)
    guard bottom.y > 0, top.y < Float(height) else { return }
    let slope = (bottom.x - top.x) / (bottom.y - top.y)
    var x = top.y < 0 ? top.x - top.y * slope : top.x
    let edge = Float(width)
    for row in max(0, Int(top.y))..<min(height, Int(bottom.y.rounded(.up))) {
      let depth = min(Float(row + 1), bottom.y) - max(Float(row), top.y)
      let next = x + slope * depth
      let left = min(max(min(x, next), 0), edge)
      let right = min(max(max(x, next), 0), edge)
      x = next
      let amount = depth * direction
      let firstFloor = left.rounded(.down)
      let lastCeiling = right.rounded(.up)
      let first = Int(firstFloor)
      let last = Int(lastCeiling)
      let base = row * stride
      if last <= first + 1 {
        let inside = 0.5 * (left + right) - firstFloor
        cells[base + first] += amount - amount * inside
        cells[base + first + 1] += amount * inside
        continue
      }
      let perCell = 1 / (right - left)
      let afterFirst = 1 - (left - firstFloor)
      let beforeLast = right - lastCeiling + 1
      let firstArea = 0.5 * perCell * afterFirst * afterFirst
      let lastArea = 0.5 * perCell * beforeLast * beforeLast
      cells[base + first] += amount * firstArea
      if last == first + 2 {
        cells[base + first + 1] += amount * (1 - firstArea - lastArea)
      } else {
        let secondSum = perCell * (afterFirst + 0.5)
        cells[base + first + 1] += amount * (secondSum - firstArea)
        for cell in first + 2..<last - 1 { cells[base + cell] += amount * perCell }
        let sum = secondSum + Float(last - first - 3) * perCell
        cells[base + last - 1] += amount * (1 - sum - lastArea)
      }
      cells[base + last] += amount * lastArea
    }
  }

  /// Calls `body` with the column, the row and the coverage, 0 to 1, of every pixel that the added
  /// paths touch, and forgets the paths.
  @inline(__always)
  mutating func drain(_ body: (Int, Int, Float) -> Void) {
    for row in rows {
      let base = row * stride
      var sum: Float = 0
      for column in columns {
        sum += cells[base + column]
        cells[base + column] = 0
        let coverage = min(abs(sum), 1)
        if coverage > 0.002 { body(column, row, coverage) }
      }
      // The last edge may spill into the two cells beyond.
      cells[base + columns.upperBound] = 0
      cells[base + min(columns.upperBound + 1, stride - 1)] = 0
    }
    rows = 0..<0
    columns = 0..<0
  }
}
