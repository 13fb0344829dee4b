internal import Foundation
internal import TensorCore

/// Rooms seen from inside: one box of walls for all, told apart by their furniture.
enum Interiors {
  static func paint(_ kind: String, using random: inout KeyedRandom) -> Canvas {
    let room = Room(using: &random)
    var canvas = Canvas(room.wall)
    canvas.transform = ScenesTask.framing(&random)
    room.paintShell(&canvas, using: &random)
    switch kind {
    case "bedroom": paintBedroom(&canvas, room, &random)
    case "kitchen": paintKitchen(&canvas, room, &random)
    default: paintOffice(&canvas, room, &random)
    }
    canvas.transform = Affine()
    canvas.modulate(.noise(random.float(12...30), octaves: 3, using: &random), 0.15)
    return canvas
  }

  /// The back wall's corners and the colours of walls, floor and wood.
  private struct Room {
    let left, right, top, bottom: Float
    let wall: Colour
    let floor: Colour
    let wood: Colour

    init(using random: inout KeyedRandom) {
      left = random.float(-6...12)
      right = random.float(52...70)
      top = random.float(-2...9)
      bottom = random.float(38...46)
      wall = random.colour(saturation: 0...0.35, value: 0.5...0.95)
      floor = Colour(
        hue: random.float(0.04...0.12), saturation: random.float(0...0.5),
        value: random.float(0.3...0.8))
      wood =
        random.chance(0.3)
        ? .grey(random.float(0.75...0.95))
        : Colour(
          hue: random.float(0.05...0.1), saturation: random.float(0.3...0.6),
          value: random.float(0.25...0.7))
    }

    func paintShell(_ canvas: inout Canvas, using random: inout KeyedRandom) {
      canvas.fill(.polygon(-9, -9, left, top, left, bottom, -9, 74), wall.lit(0.8))
      canvas.fill(.polygon(73, -9, right, top, right, bottom, 73, 74), wall.lit(0.88))
      canvas.fill(.polygon(-9, -9, 73, -9, right, top, left, top), wall.mixed(.grey(1), 0.5))
      canvas.fill(
        .polygon(left, bottom, right, bottom, 80, 74, -16, 74), from: floor.lit(0.8),
        at: Point(0, bottom), to: floor.lit(1.1), at: Point(0, 64))
      if random.chance(0.5) {
        // Boards.
        var x: Float = -60
        while x < 124 {
          canvas.fill(
            .line(Point(32 + (x - 32) * 0.5, bottom), Point(32 + (x - 32) * 1.1, 74), width: 0.5),
            floor.lit(0.65))
          x += 9
        }
      }
    }

    func paintWindow(
      _ canvas: inout Canvas, _ x: Float, _ y: Float, _ width: Float, _ height: Float,
      using random: inout KeyedRandom
    ) {
      let sky = Colour(
        hue: random.float(0.5...0.62), saturation: random.float(0...0.4),
        value: random.chance(0.2) ? 0.15 : random.float(0.7...1))
      canvas.fill(.rectangle(x - 1, y - 1, x + width + 1, y + height + 1), .grey(0.92))
      canvas.fill(
        .rectangle(x, y, x + width, y + height), from: sky, at: Point(0, y),
        to: sky.mixed(Colour(0.4, 0.5, 0.35), random.float(0...0.8)), at: Point(0, y + height))
      canvas.fill(.rectangle(x + width / 2 - 0.5, y, x + width / 2 + 0.5, y + height), .grey(0.9))
    }
  }

  private static func paintBedroom(
    _ canvas: inout Canvas, _ room: Room, _ random: inout KeyedRandom
  ) {
    if random.chance(0.6) {
      let x = random.float(4...14)
      room.paintWindow(&canvas, x, 10, random.float(10...15), random.float(14...19), using: &random)
      if random.chance(0.6) {
        let curtain = random.colour(saturation: 0.1...0.6)
        canvas.fill(.rectangle(x - 4, 7, x + 1, 36), curtain)
        canvas.fill(.rectangle(x + 13, 7, x + 18, 36), curtain.lit(0.85))
      }
    }
    let x = random.float(26...36)
    let half = random.float(13...18)
    let level = room.bottom - random.float(2...6)
    if random.chance(0.5) {
      // A picture over the bed.
      let frame = random.point(5...9, 4...6)
      let y = level - 20
      canvas.fill(
        .rectangle(x - frame.x, y - frame.y, x + frame.x, y + frame.y), room.wood.lit(0.6))
      canvas.fill(
        .rectangle(x - frame.x + 1.2, y - frame.y + 1.2, x + frame.x - 1.2, y + frame.y - 1.2),
        random.colour())
    }
    // Headboard, mattress, pillows, blanket.
    let board = random.chance(0.5) ? room.wood : random.colour(saturation: 0.1...0.5)
    canvas.fill(
      .roundedRectangle(x - half - 1, level - 11, x + half + 1, level + 6, radius: 2), board)
    let foot = half * random.float(1.25...1.5)
    let end = random.float(56...62)
    let sheet = Colour.grey(random.float(0.8...0.97))
    let blanket = random.colour(saturation: 0...0.7, value: 0.35...0.95)
    canvas.fill(
      .polygon(x - foot, end, x + foot, end, x + foot, 70, x - foot, 70), blanket.lit(0.6))
    canvas.fill(.polygon(x - half, level, x + half, level, x + foot, end, x - foot, end), sheet)
    let fold = random.float(0.25...0.45)
    let inner = half + (foot - half) * fold
    let line = level + (end - level) * fold
    canvas.fill(
      .polygon(x - inner, line, x + inner, line, x + foot, end, x - foot, end), from: blanket,
      at: Point(0, line), to: blanket.lit(0.85), at: Point(0, end))
    canvas.fill(
      .polygon(x - inner, line, x + inner, line, x + inner, line + 2, x - inner, line + 2),
      sheet.lit(0.9))
    for side in [Float(-1), 1] {
      canvas.fill(
        .roundedRectangle(
          x + side * half * 0.5 - half * 0.4, level - 4, x + side * half * 0.5 + half * 0.4,
          level + 3,
          radius: 2), random.variant(of: sheet, 0.05).lit(0.96))
      guard random.chance(0.7) else { continue }
      // A bedside table and its lamp.
      let table = x + side * (half + 6)
      canvas.fill(.rectangle(table - 4, level + 2, table + 4, level + 13), room.wood)
      canvas.fill(.line(Point(table, level + 2), Point(table, level - 4), width: 1), .grey(0.3))
      canvas.fill(
        .polygon(
          table - 2, level - 9, table + 2, level - 9, table + 3.6, level - 3, table - 3.6, level - 3
        ),
        Colour(1, 0.93, 0.7))
    }
  }

  private static func paintKitchen(
    _ canvas: inout Canvas, _ room: Room, _ random: inout KeyedRandom
  ) {
    let front =
      random.chance(0.5) ? room.wood : random.colour(saturation: 0...0.6, value: 0.3...0.95)
    let top = Colour.grey(random.float(0.15...0.85))
    let counter = room.bottom - random.float(6...10)
    let floor = room.bottom + random.float(6...10)
    // Tiles between counter and wall units.
    let tile = room.wall.mixed(.grey(0.95), 0.5)
    let units = room.top + random.float(13...17)
    canvas.fill(.rectangle(-4, units, 68, counter), tile)
    var x: Float = -4
    while x < 68 {
      canvas.fill(.rectangle(x, units, x + 0.4, counter), tile.lit(0.75))
      x += 4
    }
    let width = random.float(9...13)
    var unit: Float = -6 + random.float(0...5)
    let hood = random.float(14...44)
    while unit < 68 {
      let isHood = abs(unit + width / 2 - hood) < width / 2
      if !isHood && random.chance(0.9) {
        canvas.fill(.rectangle(unit, room.top - 2, unit + width - 0.8, units), front)
        canvas.fill(
          .rectangle(unit + width - 3, units - 4, unit + width - 2.2, units - 1), .grey(0.3))
      } else if isHood {
        let middle = unit + width / 2
        canvas.fill(
          .polygon(
            middle - 2, -4, middle + 2, -4, middle + width / 2, units, middle - width / 2, units),
          .grey(0.6))
      }
      // The base unit below; an oven under the hood.
      canvas.fill(
        .rectangle(unit, counter, unit + width - 0.6, floor), isHood ? .grey(0.5) : front.lit(0.9))
      if isHood {
        canvas.fill(
          .rectangle(unit + 1.5, counter + 5, unit + width - 2, floor - 2), Colour(0.08, 0.08, 0.1))
        canvas.fill(
          .rectangle(unit + 1, counter + 2.6, unit + width - 1.5, counter + 3.6), .grey(0.85))
      } else {
        canvas.fill(
          .rectangle(unit + 2, counter + 3, unit + width - 3, counter + 4), .grey(0.3))
      }
      unit += width
    }
    canvas.fill(.rectangle(-6, counter - 0.4, 70, counter + 2), top)
    if random.chance(0.5) {
      let fridge: Float = random.chance(0.5) ? -3 : 52
      canvas.fill(.rectangle(fridge, room.top + 4, fridge + 15, floor + 1), .grey(0.88))
      canvas.fill(.rectangle(fridge, room.top + 18, fridge + 15, room.top + 19), .grey(0.55))
      canvas.fill(.rectangle(fridge + 12, room.top + 8, fridge + 13, room.top + 16), .grey(0.4))
    }
    for _ in 0..<random.count(2...6) {
      // Pots, bottles, bowls.
      let place = random.float(2...62)
      let size = random.point(1...2.5, 2...6)
      canvas.fill(
        .rectangle(place - size.x, counter - size.y, place + size.x, counter - 0.4), random.colour()
      )
    }
    if random.chance(0.35) {
      let table = random.float(20...44)
      canvas.fill(.ellipse(Point(table, 58), Point(18, 5)), room.wood.lit(1.1))
      canvas.fill(.rectangle(table - 1.5, 60, table + 1.5, 70), room.wood.lit(0.6))
    }
  }

  private static func paintOffice(
    _ canvas: inout Canvas, _ room: Room, _ random: inout KeyedRandom
  ) {
    // Lamps in the ceiling.
    for lamp in 0..<random.count(1...3) {
      let x = 14 + Float(lamp) * 18
      canvas.fill(.polygon(x - 4, 1, x + 4, 1, x + 3, 4, x - 3, 4), Colour(1, 1, 0.96))
    }
    if random.chance(0.6) {
      room.paintWindow(
        &canvas, random.float(4...24), room.top + 4, random.float(20...34), 16, using: &random)
      if random.chance(0.6) {
        var y = room.top + 4
        while y < room.top + 20 {
          canvas.fill(.rectangle(2, y, 62, y + 0.7), .grey(0.85).opacity(0.6))
          y += 2
        }
      }
    }
    if random.chance(0.5) {
      // Shelves with files.
      let x = random.chance(0.5) ? room.left + 1 : room.right - 17
      canvas.fill(.rectangle(x, room.top + 6, x + 16, room.bottom), room.wood.lit(0.7))
      for shelf in 0..<3 {
        let y = room.top + 8 + Float(shelf) * 9
        var file = x + 1
        while file < x + 14 {
          let width = random.float(1...2.4)
          canvas.fill(
            .rectangle(file, y + random.float(0...1.5), file + width, y + 7),
            random.colour(saturation: 0...0.7))
          file += width + 0.2
        }
      }
    }
    let desk = random.float(43...49)
    let left = random.float(-6...8)
    let right = random.float(54...70)
    let places = random.count(1...2)
    for place in 0..<places {
      let x = places == 1 ? random.float(22...42) : 17 + Float(place) * 28 + random.spread(2)
      paintWorkplace(
        &canvas, Point(x, desk), size: random.float(7...10) / (places == 1 ? 1 : 1.2), &random)
    }
    canvas.fill(
      .polygon(left + 3, desk - 1, right - 3, desk - 1, right, desk + 5, left, desk + 5),
      room.wood.lit(1.1))
    canvas.fill(.rectangle(left, desk + 5, right, desk + 7), room.wood.lit(0.75))
    for leg in [left + 1, right - 3] {
      canvas.fill(.rectangle(leg, desk + 7, leg + 2, 70), room.wood.lit(0.55))
    }
    for _ in 0..<random.count(1...4) {
      let paper = random.point(8...56, desk...desk + 3)
      canvas.fill(.ellipse(paper, Point(3, 1)), .grey(0.96))
    }
    if random.chance(0.8) {
      // A chair in front.
      let x = random.float(16...48)
      let seat = random.variant(of: random.chance(0.6) ? .grey(0.15) : random.colour(), 0.05)
      canvas.fill(.roundedRectangle(x - 7, desk + 1, x + 7, desk + 14, radius: 3), seat)
      canvas.fill(.rectangle(x - 1, desk + 13, x + 1, 70), .grey(0.3))
    }
  }

  /// A monitor and what stands beside it.
  private static func paintWorkplace(
    _ canvas: inout Canvas, _ foot: Point, size: Float, _ random: inout KeyedRandom
  ) {
    let y = foot.y - size * 0.5
    canvas.fill(.rectangle(foot.x - 1, y, foot.x + 1, foot.y), .grey(0.2))
    canvas.fill(.rectangle(foot.x - size, y - size * 1.1, foot.x + size, y), .grey(0.1))
    let screen =
      random.chance(0.3) ? Colour.grey(0.15) : random.colour(saturation: 0...0.6, value: 0.5...1)
    canvas.fill(
      .rectangle(foot.x - size * 0.9, y - size, foot.x + size * 0.9, y - size * 0.12), screen)
    for line in 0..<3 {
      let row = y - size * (0.85 - Float(line) * 0.22)
      canvas.fill(
        .rectangle(foot.x - size * 0.7, row, foot.x + size * random.float(-0.2...0.7), row + 0.7),
        screen.lit(0.6))
    }
    canvas.fill(
      .polygon(
        foot.x - size * 0.7, foot.y + 1.5, foot.x + size * 0.7, foot.y + 1.5, foot.x + size * 0.8,
        foot.y + 3.5, foot.x - size * 0.8, foot.y + 3.5), .grey(0.25))
  }
}
