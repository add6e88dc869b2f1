import Testing

@testable import Storage

@Suite("JSON reader (RFC 8259)")
struct JSONReaderTests {
  private func parse(_ text: String, depth: Int = 16) throws -> JSONValue {
    try JSONValue.read(Array(text.utf8), depthLimit: depth) { _ in }
  }

  private func fault(_ bytes: [UInt8], depth: Int = 16) -> JSONFault? {
    do throws(JSONFault) {
      _ = try JSONValue.read(bytes, depthLimit: depth) { _ in }
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "{}", "[]", "0", "-0", "-1", "1.5", "1e5", "1E+5", "1.5e-7", "\"\"", "true", "false", "null",
    " \t\r\n[ 1 , 2 ]\n", "{\"a\":{\"b\":[{}]}}", "[[],[[]]]", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"é😀\"",
    "\"\u{7F}\"", "{\"\":0}",
  ])
  func takesWhatTheGrammarAllows(_ text: String) throws {
    _ = try parse(text)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let text: String
    let reason: JSONFault.Reason
    let offset: UInt64
    init(_ text: String, _ reason: JSONFault.Reason, _ offset: UInt64) {
      self.text = text
      self.reason = reason
      self.offset = offset
    }
    var testDescription: String { text }
  }

  @Test(arguments: [
    Bad("", .syntax, 0), Bad(" ", .syntax, 1), Bad("{", .syntax, 1), Bad("{\"a\"", .syntax, 4),
    Bad("{\"a\":", .syntax, 5), Bad("{\"a\":1", .syntax, 6), Bad("{\"a\":1,}", .syntax, 7),
    Bad("[1,]", .syntax, 3), Bad("[,1]", .syntax, 1), Bad("[1 2]", .syntax, 3), Bad("[1}", .syntax, 2),
    Bad("{\"a\":1]", .syntax, 6), Bad("{a:1}", .syntax, 1), Bad("{'a':1}", .syntax, 1), Bad("}", .syntax, 0),
    Bad("01", .trailing, 1), Bad("+1", .syntax, 0), Bad("-", .syntax, 1), Bad(".5", .syntax, 0),
    Bad("1.", .syntax, 2), Bad("1e", .syntax, 2), Bad("1e+", .syntax, 3), Bad("0x10", .trailing, 1),
    Bad("tru", .syntax, 0), Bad("True", .syntax, 0), Bad("nul", .syntax, 0), Bad("\"", .syntax, 1),
    Bad("\"\\", .syntax, 2), Bad("\"\\x\"", .syntax, 2), Bad("\"\\u12\"", .syntax, 5),
    Bad("\"\\u12G4\"", .syntax, 5), Bad("\"a\nb\"", .syntax, 2), Bad("\"\\ud800\"", .surrogate, 1),
    Bad("\"\\udc00\"", .surrogate, 1), Bad("\"\\ud800\\u0041\"", .surrogate, 1),
    Bad("\"\\ud800\\ud800\"", .surrogate, 1), Bad("{} {}", .trailing, 3), Bad("1 2", .trailing, 2),
    Bad("NaN", .nonFinite, 0), Bad("[-Infinity]", .nonFinite, 1), Bad("\u{FEFF}{}", .byteOrderMark, 0),
    Bad("// c\n1", .syntax, 0),
  ])
  func refusesWhatItDoesNot(_ bad: Bad) throws {
    let fault = try #require(self.fault(Array(bad.text.utf8)))
    #expect(fault.reason == bad.reason)
    #expect(fault.offset == bad.offset)
  }

  @Test(
    "refuses bytes that are no UTF-8",
    arguments: [
      [0x80], [0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC3],
      [0xE2, 0x82],
      [0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func refusesOtherEncodings(_ bytes: [UInt8]) throws {
    let fault = try #require(self.fault([0x22] + bytes + [0x22]))
    #expect(fault.reason == .encoding)
    #expect(fault.offset == 1)
  }

  @Test func keepsNumbersAsTheyAreWritten() throws {
    let list = try #require(
      try parse("[9223372036854775807,9223372036854775808,18446744073709551616,1e400,64.0,-0,0.1]").elements)
    #expect(list[0].number?.integer == Int64.max)
    #expect(list[1].number?.integer == nil)
    #expect(list[1].number?.unsigned == 1 << 63)
    #expect(list[2].number?.unsigned == nil)
    #expect(list[2].number?.lexeme == "18446744073709551616")
    #expect(list[3].number?.double == .infinity)
    #expect(list[3].number?.integer == nil)
    #expect(list[4].number?.integer == 64)
    #expect(list[4].number?.unsigned == nil)
    #expect(list[5].number?.lexeme == "-0")
    #expect(list[6].number?.double == 0.1)
  }

  @Test func turnsEscapesIntoCharacters() throws {
    let value = try parse(#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00é""#)
    #expect(value.string == "\"\\/\u{8}\u{C}\n\r\tAé😀é")
  }

  @Test func limitsTheDepth() throws {
    _ = try parse("[[[1]]]", depth: 3)
    let fault = try #require(self.fault(Array("[[[[1]]]]".utf8), depth: 3))
    #expect(fault.reason == .depth)
    #expect(fault.offset == 3)
    let endless = try #require(self.fault([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000), depth: 64))
    #expect(endless.offset == 64)
  }

  @Test func notesDuplicatesByBytesAndKeepsTheLast() throws {
    var notes: [JSONFault] = []
    // U+00E9 and e with U+0301 are equal as Swift strings and different names.
    let text = "{\"x\":{\"a\":1,\"\\u0061\":2,\"\u{E9}\":3,\"e\u{301}\":4}}"
    let value = try JSONValue.read(Array(text.utf8), base: 100, depthLimit: 4) { notes.append($0) }
    #expect(notes.count == 1)
    #expect(notes.first?.reason == .duplicate)
    #expect(notes.first?.offset == 112)
    #expect(notes.first?.pointer == "/x/a")
    #expect(value["x"]?["a"]?.number?.integer == 2)
    #expect(value["x"]?["\u{E9}"]?.number?.integer == 3)
    #expect(value["x"]?["e\u{301}"]?.number?.integer == 4)
  }

  @Test func notesDuplicatesAmongManyNames() throws {
    let names = (0..<40).map { "\"k\($0)\":\($0)" } + ["\"k3\":1", "\"k39\":1"]
    var notes: [String] = []
    _ = try JSONValue.read(Array("{\(names.joined(separator: ","))}".utf8), depthLimit: 4) {
      notes.append($0.pointer ?? "")
    }
    #expect(notes == ["/k3", "/k39"])
  }

  @Test func letsNumbersOfPythonPassWhenAsked() throws {
    var notes: [JSONFault] = []
    let value = try JSONValue.read(
      Array(#"{"a":[NaN,Infinity,-Infinity]}"#.utf8), depthLimit: 4, allowsNonFinite: true
    ) { notes.append($0) }
    #expect(notes.map(\.pointer) == ["/a/0", "/a/1", "/a/2"])
    #expect(notes.map(\.actual) == ["NaN", "Infinity", "-Infinity"])
    #expect(value["a"]?.elements?[0].number?.double.isNaN == true)
    #expect(value["a"]?.elements?[2].number?.double == -.infinity)
  }

  @Test func escapesAndCutsPointers() {
    #expect(JSONPointer.through(["a/b", "~", "0"]) == "/a~1b/~0/0")
    #expect(JSONPointer.through([String(repeating: "x", count: 1000)]).count == 242)
  }

  @Test func writesValuesBack() throws {
    let text = #"{"a":[1,2.50,"x\"\\\u0001é"],"b":{"c":null,"d":true}}"#
    #expect(try parse(text).compact == text)
  }

  @Test func skipsValues() throws {
    var reader = JSONReader(Array(#"{"a":{"b":[1,{}]},"c":2}"#.utf8), depthLimit: 8)
    _ = try reader.next()
    _ = try reader.next()
    try reader.skip(reader.next())
    guard case .key(let text) = try reader.next() else {
      Issue.record("no key")
      return
    }
    #expect(reader.string(text) == "c")
    #expect(reader.text(text, equals: "c"))
    #expect(!reader.text(text, equals: "b"))
  }

  /// Every prefix and every changed byte of a text gives a value or a fault.
  @Test func survivesDamage() {
    let text = Array(#"{"a":[1,-2.5e3,"x\ud83d\ude00é\n",true,null],"b":{"c":{}}}"#.utf8)
    for length in 0..<text.count {
      #expect(fault(Array(text[..<length])) != nil)
    }
    for index in text.indices {
      for byte in UInt8.min...UInt8.max {
        var damaged = text
        damaged[index] = byte
        _ = fault(damaged)
      }
    }
  }
}
