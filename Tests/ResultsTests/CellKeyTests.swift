import Results
import Testing

@Suite("Cell keys")
struct CellKeyTests {
  private let ingredients = ["method": "ties", "seed": "1", "weights": "ab"]

  @Test("A key does not depend on the order of its ingredients, but on each name and value")
  func contents() {
    let key = CellKey(ingredients)
    #expect(CellKey(["weights": "ab", "seed": "1", "method": "ties"]) == key)
    #expect(CellKey(["method": "ties", "seed": "2", "weights": "ab"]) != key)
    #expect(CellKey(["method": "ties", "seeds": "1", "weights": "ab"]) != key)
    #expect(CellKey(["method": "ties", "seed": "1"]) != key)
  }

  @Test("No two lists of ingredients run together into one text")
  func boundaries() {
    #expect(CellKey(["a": "b1:c", "d": "e"]) != CellKey(["a": "b", "c1:d": "e"]))
    #expect(CellKey(["ab": "c"]) != CellKey(["a": "bc"]))
  }

  @Test("A key is what it was: finished cells are known again")
  func pinned() {
    #expect(CellKey(ingredients).text == "e4c9feaab1dffa480714c0e0906d4942")
  }

  @Test("A key's file lies in a folder of its first two digits")
  func path() {
    let key = CellKey(text: "0123456789abcdef0123456789abcdef")!
    #expect(key.path == "cells/01/0123456789abcdef0123456789abcdef.json")
    #expect(CellKey(text: "0123") == nil)
    #expect(CellKey(text: "0123456789ABCDEF0123456789abcdef") == nil)
    #expect(CellKey(text: "../3456789abcdef0123456789abcdef") == nil)
    // Digits to Unicode, of three bytes each.
    #expect(CellKey(text: "01" + String(repeating: "\u{FF11}", count: 10)) == nil)
  }
}
