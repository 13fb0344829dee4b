import TensorCore
import Testing

@Suite("Arrays whose pages lie in a file")
struct PagedArrayTests {
  private struct Pair: Equatable, BitwiseCopyable {
    var number: UInt32
    var value: Double
  }

  /// A file of its own for each array, so that pages can be counted.
  private func numbers(_ count: Int, in file: PageFile) -> PagedArray<UInt32> {
    PagedArray((0..<UInt32(count)).lazy.map { $0 &* 2_654_435_761 }, in: file)
  }

  private let pageLength = PageFile.pageBytes / 4

  @Test(
    "An array is what an array in memory is, however many pages it has",
    arguments: [0, 1, 4095, 4096, 4097, 12_288, 20_000])
  func elements(count: Int) {
    let file = PageFile()
    let array = numbers(count, in: file)
    let expected = (0..<UInt32(count)).map { $0 &* 2_654_435_761 }
    #expect(array.count == count)
    #expect(Array(array) == expected)
    #expect(array.indices.allSatisfy { array[$0] == expected[$0] })
    #expect(file.pageCount == count / pageLength)
  }

  @Test("Parts of an array come over the bounds of pages")
  func parts() {
    let array = numbers(10_000, in: PageFile())
    let expected = Array(array)
    for range in [0..<0, 0..<1, 4000..<4200, 4096..<8192, 100..<9_999, 8192..<10_000] {
      #expect(array.elements(range) == Array(expected[range]))
    }
  }

  @Test("Many elements are appended as one by one", arguments: [0, 1, 4095, 4096, 9000])
  func appending(count: Int) {
    var array = numbers(count, in: PageFile())
    array.append(contentsOf: [])
    array.append(contentsOf: Array(5..<10_000))
    #expect(Array(array) == Array(numbers(count, in: PageFile())) + Array(5..<10_000))
  }

  @Test("Elements may be larger than one number, and need not fill a page")
  func records() {
    let pairs = (0..<3000).map { Pair(number: UInt32($0), value: 1 / Double($0 + 1)) }
    let array = PagedArray(pairs, in: PageFile())
    #expect(Array(array) == pairs)
    #expect(array[1023] == pairs[1023] && array[1024] == pairs[1024])
  }

  @Test("Elements can be set, in the file and behind it, and copies keep theirs")
  func setting() {
    let file = PageFile()
    var array = PagedArray<UInt32>(repeating: 7, count: 5000, in: file)
    array[10] = 1
    #expect(file.pageCount == 1)
    let copy = array
    array[11] = 2
    array[4999] = 3
    #expect(array[10] == 1 && array[11] == 2 && array[4999] == 3)
    #expect(copy[10] == 1 && copy[11] == 7 && copy[4999] == 7)
    #expect(file.pageCount == 2)
    array.append(contentsOf: numbers(9000, in: file))
    #expect(array.count == 14_000 && copy.count == 5000)
  }

  @Test("Pages that nobody uses are used again")
  func reuse() {
    let file = PageFile()
    var array: PagedArray? = numbers(pageLength * 3, in: file)
    #expect(file.pageCount == 3)
    let copy = array
    array = nil
    #expect(file.pageCount == 3 && copy?.count == pageLength * 3)
    _ = consume copy
    #expect(file.pageCount == 0)
    let other = numbers(pageLength, in: file)
    #expect(other[1] == 2_654_435_761)
  }

  @Test("What a folder or a disk does not take stays in memory")
  func refusedPages() {
    let nowhere = PageFile(in: "/nowhere")
    var array = numbers(10_000, in: nowhere)
    let expected = (0..<UInt32(10_000)).map { $0 &* 2_654_435_761 }
    #expect(Array(array) == expected && nowhere.pageCount == 0)
    array[5] = 1
    #expect(array[5] == 1 && array[6] == expected[6])

    let full = PageFile(capacity: 1)
    array = numbers(10_000, in: full)
    #expect(Array(array) == expected && full.pageCount == 1)
    full.setCapacity(0)
    array[5] = 1
    #expect(full.pageCount == 0)
    #expect(array[5] == 1 && array[6] == expected[6])
  }

  @Test("Long arrays are sorted as short ones are, and equal elements keep their order")
  func sorting() {
    let file = PageFile()
    let pairs = (0..<70_000).map {
      Pair(number: UInt32($0), value: Double(UInt32($0) &* 2_654_435_761 >> 20))
    }
    let array = PagedArray(pairs, in: file)
    let kept = file.pageCount
    #expect(
      Array(array.sorted { $0.value < $1.value }) == pairs.sorted { $0.value < $1.value })
    #expect(file.pageCount == kept)
    #expect(PagedArray([3, 1, 2], in: file).sorted(by: <).elementsEqual([1, 2, 3]))
    #expect(PagedArray<Int>(in: file).sorted(by: <).isEmpty)
  }

  @Test("Bytes of elements are elements again")
  func bytes() {
    let pairs = (0..<3000).map { Pair(number: UInt32($0), value: 1 / Double($0 + 1)) }
    var copy = PagedArray<Pair>(in: PageFile())
    PagedArray(pairs, in: PageFile()).forEachPiece { copy.append(bytes: $0) }
    #expect(Array(copy) == pairs)
  }

  @Test("Arrays are equal if their elements are")
  func equality() {
    let array = numbers(9000, in: PageFile())
    var other = numbers(9000, in: PageFile())
    #expect(array == other && Set([array, other]).count == 1)
    other[3] = 0
    #expect(array != other)
  }
}
