import Profile
import Testing

@testable import Reports

@Suite struct ConsoleReportTests {
  @Test(arguments: Language.allCases)
  func looksAsAPersonHasReadIt(_ language: Language) throws {
    var options = ConsoleOptions(language: language)
    options.width = 80
    try Repository.expectGolden(SampleRun.console(options), "console-\(language.rawValue).txt")
  }

  @Test(arguments: Language.allCases)
  func quietIsOneLineForEachSample(_ language: Language) throws {
    var options = ConsoleOptions(language: language)
    options.quiet = true
    try Repository.expectGolden(SampleRun.console(options), "console-quiet-\(language.rawValue).txt")
  }

  @Test func noEscapeSequenceComesFromAFile() throws {
    let text = try SampleRun.console(ConsoleOptions(language: .zh))
    #expect(text.contains("\\u{1b}[31m"))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
  }

  @Test func coloursAreUsedWhenAskedFor() throws {
    var options = ConsoleOptions(language: .en)
    options.colour = true
    let text = try SampleRun.console(options)
    #expect(text.hasPrefix("\u{1B}[1;31mERROR\u{1B}[0m"))
    let plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    options.colour = false
    #expect(try plain == SampleRun.console(options))
  }

  @Test func neverClaimsConformance() throws {
    for language in Language.allCases {
      let text = try SampleRun.console(ConsoleOptions(language: language))
      #expect(text.contains(SampleRun.catalogue.statement[language].prefix(8)))
      #expect(!text.contains("conforms to GB/T 42382.2"))
      #expect(!text.contains("符合 GB/T 42382.2"))
    }
  }

  @Test(arguments: Language.allCases)
  func explainsARequirement(_ language: Language) throws {
    var sink = MemorySink()
    var options = ConsoleOptions(language: language)
    options.width = 80
    try Explanation.write(SampleRun.contributors, of: SampleRun.catalogue, options, to: &sink)
    try Repository.expectGolden(sink.text, "explain-\(language.rawValue).txt")
  }

  @Test(arguments: Language.allCases)
  func listsTheCatalogue(_ language: Language) throws {
    var sink = MemorySink()
    try CatalogueListing.write(SampleRun.catalogue, ConsoleOptions(language: language), to: &sink)
    try Repository.expectGolden(sink.text, "requirements-\(language.rawValue).txt")
  }

  @Test func listsTheCatalogueAsJSON() throws {
    var sink = MemorySink()
    try CatalogueListing.writeJSON(SampleRun.catalogue, to: &sink)
    let schema = try JSONSchema(Repository.bytes("reports/schema/requirements.schema.json"))
    #expect(try schema.problems(sink.bytes) == [])
  }
}

@Suite struct LineWrapperTests {
  @Test(arguments: [
    ("one two three", 7, ["one two", "three"]),
    ("one two", 80, ["one two"]),
    ("a/very/long/path that stays", 6, ["a/very/long/path", "that", "stays"]),
    ("张量的元素类型", 6, ["张量的", "元素类", "型"]),
    ("张量，元素", 4, ["张", "量，", "元素"]),
    ("用 --metadata 提供", 8, ["用", "--metadata", "提供"]),
    ("（张量）的", 4, ["（张", "量）", "的"]),
    ("a\n\nb", 10, ["a", "", "b"]),
    ("", 10, [""]),
  ])
  func breaksWhereItMay(_ text: String, _ width: Int, _ lines: [String]) {
    #expect(LineWrapper.lines(text, width: width) == lines)
  }

  @Test(arguments: [("abc", 3), ("张量", 4), ("é", 1), ("e\u{301}", 1), ("ＡＢ", 4), ("😀", 2), ("…→✗", 3)])
  func widthIsThatOfATerminal(_ text: String, _ columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test(
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (459_276_288, "438.0 MiB"),
      (UInt64.max, "15.9 EiB"),
    ] as [(UInt64, String)])
  func sizes(_ bytes: UInt64, _ text: String) {
    #expect(Figures.size(bytes) == text)
  }

  @Test(
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (109_482_240, "109,482,240")] as [(UInt64, String)])
  func counts(_ value: UInt64, _ text: String) {
    #expect(Figures.count(value) == text)
  }
}
