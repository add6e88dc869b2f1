import Profile
import Reports

extension ReportOptions {
  /// Writes every report that was asked for, then what people read.
  ///
  /// - Throws: `CommandFailure` with `inputOutput` where a file cannot be written.
  func write(_ run: RunReport) throws {
    if let json {
      try Output.write(to: json) { try JSONReport.write(run, to: &$0) }
    }
    try writeJUnit { try JUnitReport.parts(run, $0) }
    let terminal = takesStandardOutput ? standardError : standardOutput
    var sink = TerminalSink(terminal: terminal)
    try ConsoleReport.write(run, terminal.consoleOptions(lang, quiet: quiet), to: &sink)
  }

  /// A report that is too large for one file is written as `name.xml`, `name-2.xml` and so on.
  private func writeJUnit(_ parts: (JUnitReport.Options) throws -> [JUnitReport]) throws {
    guard let junit else { return }
    var options = JUnitReport.Options()
    options.dialect = junitDialect
    for (index, part) in try parts(options).enumerated() {
      try Output.write(to: index == 0 ? junit : Self.numbered(junit, index + 1)) { try part.write(to: &$0) }
    }
  }

  private static func numbered(_ path: String, _ number: Int) -> String {
    guard path != "-" else { return path }
    let isXML = path.hasSuffix(".xml")
    return "\(isXML ? String(path.dropLast(4)) : path)-\(number)\(isXML ? ".xml" : "")"
  }
}

extension Terminal {
  /// How reports are written to this stream.
  func consoleOptions(_ language: Language, quiet: Bool = false) -> ConsoleOptions {
    var options = ConsoleOptions(language: language)
    options.colour = wantsColour
    options.width = columns ?? options.width
    options.quiet = quiet
    return options
  }
}

extension ReportOptions {
  /// Writes every report of a campaign that was asked for, then what people read.
  ///
  /// - Throws: `CommandFailure` with `inputOutput` where a file cannot be written.
  func write(_ campaign: CampaignReport) throws {
    if let json {
      try Output.write(to: json) { try CampaignJSON.write(campaign, to: &$0) }
    }
    try writeJUnit { try JUnitReport.parts(campaign, $0) }
    let terminal = takesStandardOutput ? standardError : standardOutput
    var sink = TerminalSink(terminal: terminal)
    try CampaignConsole.write(campaign, terminal.consoleOptions(lang, quiet: quiet), to: &sink)
  }
}
