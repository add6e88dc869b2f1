import Testing

@testable import Reports

@Suite struct JSONWriterTests {
  private func written(
    _ body: (inout JSONWriter<MemorySink>) throws -> Void
  ) throws -> String {
    var writer = JSONWriter(MemorySink())
    try body(&writer)
    return try writer.finish().text
  }

  @Test(arguments: [
    ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t\u{0}\u{1F}", #""\n\r\t\u0000\u001f""#),
    ("\u{7F}\u{85}\u{2028}\u{FEFF}", #""\u007f\u0085\u2028\ufeff""#), ("é张😀", "\"é张😀\""),
    ("\u{E0041}", #""\udb40\udc41""#),
  ])
  func quotes(_ text: String, _ expected: String) throws {
    #expect(try written { $0.text(text) } == expected + "\n")
  }

  @Test(
    arguments: [
      (0.0, "0"), (-3.0, "-3"), (0.1, "0.1"), (1e300, "1e+300"), (.infinity, "null"),
      (9_007_199_254_740_992, "9007199254740992.0"),
    ] as [(Double, String)])
  func numbers(_ value: Double, _ expected: String) throws {
    #expect(try written { $0.number(value) } == expected + "\n")
  }

  @Test func nestsInOrder() throws {
    let text = try written { writer in
      try writer.object { writer in
        writer.field("b", 1)
        writer.key("a")
        try writer.list([1, 2]) { writer, number in writer.integer(number) }
        writer.key("empty")
        try writer.list([Int]()) { _, _ in }
        writer.key("none")
        try writer.object { _ in }
        writer.key("null")
        writer.null()
      }
    }
    #expect(
      text == """
        {
          "b": 1,
          "a": [
            1,
            2
          ],
          "empty": [],
          "none": {},
          "null": null
        }

        """)
  }
}
