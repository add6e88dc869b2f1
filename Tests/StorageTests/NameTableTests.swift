import Testing

@testable import Storage

@Suite("Name table")
struct NameTableTests {
  @Test(
    "Names are told apart byte by byte, in whatever order they come",
    arguments: [
      (["a", "b", "c"], [true, true, true]),
      (["a", "a", "b"], [true, false, true]),
      (["b", "a", "b", "a", "c"], [true, true, false, false, true]),
      (["", "", "a"], [true, false, true]),
      (["a", "aa", "ab", "aa"], [true, true, true, false]),
      // Equal for Swift, different bytes.
      (["e\u{301}", "\u{E9}", "e\u{301}"], [true, true, false]),
      (["\u{FFFF}", "\u{10000}", "\u{FFFF}"], [true, true, false]),
    ])
  func inserts(_ names: [String], _ isNew: [Bool]) {
    var table = NameTable()
    #expect(names.map { table.insert($0) } == isNew)
    #expect(table.names.map(\.value.utf8.count).count == isNew.count { $0 })
    for (place, name) in table.names.enumerated() { #expect(table.place(of: name.value) == place) }
    #expect(table.place(of: "zz") == nil)
    #expect(table.place(of: "A") == nil)
  }

  @Test("Order is that of bytes")
  func order() {
    #expect(ExactString("a") < ExactString("b"))
    #expect(ExactString("a") < ExactString("aa"))
    #expect(ExactString("") < ExactString("a"))
    #expect(!(ExactString("") < ExactString("")))
    #expect(ExactString("Z") < ExactString("a"))
    #expect(ExactString("\u{7F}") < ExactString("\u{80}"))
    #expect(ExactString("\u{FFFF}") < ExactString("\u{10000}"))
  }
}
