import Imaging
import Suites
import Testing

@Suite("The embedded suite's renderer")
struct RenderingTests {
  private static func image(
    _ task: any SuiteTask.Type, _ split: SuiteSplit = .train, _ classIndex: Int = 0,
    _ index: Int = 0, seed: UInt64 = 7
  ) -> PixelImage {
    SuiteRenderer.image(
      task: task, split: split, classIndex: classIndex, index: index, seed: seed)
  }

  @Test("tasks and classes have names fit for folders, each used once")
  func names() {
    let names = SuiteCatalog.all.map { $0.name }
    #expect(Set(names).count == names.count)
    for task in SuiteCatalog.all {
      #expect((8...12).contains(task.classNames.count), "\(task.name)")
      #expect(Set(task.classNames).count == task.classNames.count, "\(task.name)")
      for name in [task.name] + task.classNames {
        #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        #expect(name == name.lowercased())
      }
      #expect(SuiteCatalog.task(named: task.name)?.classNames == task.classNames)
    }
    #expect(SuiteCatalog.task(named: "no-such-task") == nil)
  }

  @Test("an image depends on its key alone, not on what was rendered before")
  func anyOrder() {
    for task in SuiteCatalog.all {
      let keys = task.classNames.indices.map { ($0, $0 * 3) }
      let forwards = keys.map { Self.image(task, .test, $0.0, $0.1) }
      let backwards = keys.reversed().map { Self.image(task, .test, $0.0, $0.1) }
      #expect(forwards == backwards.reversed(), "\(task.name)")
      for image in forwards {
        #expect(image.width == SuiteRenderer.side && image.height == SuiteRenderer.side)
      }
    }
  }

  @Test("split, class, index and seed each change the image")
  func everyPartOfTheKeyCounts() {
    for task in SuiteCatalog.all {
      let images = [
        Self.image(task), Self.image(task, .test), Self.image(task, .train, 1),
        Self.image(task, .train, 0, 1), Self.image(task, seed: 8),
      ]
      for first in images.indices {
        for second in images.indices where second > first {
          #expect(images[first] != images[second], "\(task.name): \(first), \(second)")
        }
      }
    }
  }

  @Test("images have contrast and are not clipped away to black or white")
  func contrast() {
    for task in SuiteCatalog.all {
      for classIndex in task.classNames.indices {
        for index in 0..<20 {
          let pixels = Self.image(task, .train, classIndex, index).pixels.map(Double.init)
          let mean = pixels.reduce(0, +) / Double(pixels.count)
          let variance =
            pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pixels.count)
          let place = "\(task.name)/\(task.classNames[classIndex])/\(index)"
          #expect(variance.squareRoot() > 6, "\(place)")
          #expect((2...250).contains(mean), "\(place): mean \(mean)")
        }
      }
    }
  }
}
