public import Profile

/// The report of a campaign that a person reads in a terminal: what did not pass, then the counts.
public enum CampaignConsole {
  /// Writes a report.
  ///
  /// - Throws: what the sink throws.
  public static func write<Sink: ByteSink>(
    _ report: CampaignReport, _ options: ConsoleOptions, to sink: inout Sink
  ) throws {
    var page = ConsolePage(options)
    if !options.quiet {
      for testCase in report.cases where testCase.verdict != .pass { page.testCase(testCase) }
    }
    let count = report.cases.count
    page.line(
      (page.say("\(count) 个向量：", "\(count) vectors: "), .plain),
      (page.tally(report.count, of: Verdict.summaryOrder), .plain))
    page.line(
      (page.say("结论：", "Verdict: "), .strong), (report.verdict.word[options.language], report.verdict.style))
    page.paragraph(report.catalogue.statement[options.language], indent: 0, .faint)
    try sink.append(page.take())
  }
}

extension ConsolePage {
  fileprivate mutating func testCase(_ testCase: CampaignReport.Case) {
    line((testCase.verdict == .fail ? "✗ " : "! ", .bad), (testCase.vector, .strong))
    paragraph(testCase.purpose[options.language], indent: 2, .faint)
    for text in (testCase.reason?[options.language] ?? "").split(separator: "\n") {
      // As it is, however long: people copy expected findings and commands from here.
      line(("  " + VisibleText.forTerminal(String(text)), .plain))
    }
  }
}
