public import Profile

/// The JUnit XML report of a campaign: one suite for each clause, one case for each vector.
public enum CampaignJUnit {
  /// Writes a report; what XML 1.0 cannot hold is escaped visibly.
  ///
  /// - Throws: what the sink throws, or `XMLWriterError`.
  public static func write<Sink: ByteSink>(
    _ report: CampaignReport, _ options: JUnitReport.Options = JUnitReport.Options(), to sink: inout Sink
  ) throws {
    let suites = Dictionary(grouping: report.cases, by: \.clause)
      .sorted { JUnitSuite.precedes($0.key, $1.key) }
    let package = JUnitSuite.safeName(report.implementation)
    let xml = try XMLWriter()
    try xml.element("testsuites") {
      if options.dialect == .rich {
        try xml.attribute("name", report.tool.name)
        try xml.attribute("tests", String(report.cases.count))
        try xml.attribute("failures", String(report.count(.fail)))
        try xml.attribute("errors", String(report.count(.error) + report.count(.inconclusive)))
        try xml.attribute("skipped", String(report.count(.notApplicable) + report.count(.waived)))
        try xml.attribute("time", "0.000")
      }
      for (index, suite) in suites.enumerated() {
        try write(suite.value, of: suite.key, index, package, report, options, xml)
        try xml.take().withUnsafeBytes { try sink.append($0) }
      }
    }
    try xml.end()
    try xml.take().withUnsafeBytes { try sink.append($0) }
  }

  private static func write(
    _ cases: [CampaignReport.Case], of clause: String, _ index: Int, _ package: String,
    _ report: CampaignReport, _ options: JUnitReport.Options, _ xml: XMLWriter
  ) throws {
    func count(_ verdicts: Verdict...) -> String { String(cases.count { verdicts.contains($0.verdict) }) }
    let isRich = options.dialect == .rich
    try xml.element("testsuite") {
      try xml.attribute("package", package)
      try xml.attribute("id", String(index))
      try xml.attribute("name", "\(package).\(clause)")
      try xml.attribute("timestamp", options.timestamp)
      try xml.attribute("hostname", options.hostname)
      try xml.attribute("tests", String(cases.count))
      try xml.attribute("failures", count(.fail))
      try xml.attribute("errors", count(.error, .inconclusive))
      if isRich {
        try xml.attribute("skipped", count(.notApplicable, .waived))
        try xml.attribute("file", report.implementation)
      }
      try xml.attribute("time", "0.000")
      var properties = JUnitProperties()
      properties.add("tool", "\(report.tool.name) \(report.tool.version)")
      properties.add("profile", report.catalogue.profile)
      properties.add("statement.zh", report.catalogue.statement.zh)
      properties.add("statement.en", report.catalogue.statement.en)
      try properties.write(xml)
      for testCase in cases { try write(testCase, "\(package).\(clause)", isRich, xml) }
      try xml.element("system-out")
      try xml.element("system-err")
    }
  }

  private static func write(
    _ testCase: CampaignReport.Case, _ suite: String, _ isRich: Bool, _ xml: XMLWriter
  ) throws {
    try xml.element("testcase") {
      try xml.attribute("name", testCase.vector)
      try xml.attribute("classname", suite)
      try xml.attribute("time", "0.000")
      if isRich {
        try xml.attribute("file", "vectors/\(testCase.clause)/\(testCase.vector)/vector.yaml")
        try xml.attribute("line", "1")
        var properties = JUnitProperties()
        properties.add("requirements", testCase.requirements.joined(separator: " "))
        properties.add("verdict", testCase.verdict.rawValue)
        try properties.write(xml)
      }
      let element: String
      var type: String?
      switch testCase.verdict {
      case .pass, .warn: return
      case .fail: (element, type) = ("failure", testCase.requirements.first ?? testCase.vector)
      case .inconclusive: (element, type) = ("error", "inconclusive")
      case .error: (element, type) = ("error", "tool")
      case .notApplicable, .waived: element = "skipped"
      }
      let reason = testCase.reason ?? testCase.purpose
      try xml.element(element) {
        if let type { try xml.attribute("type", type) }
        let headline = "\(testCase.purpose.zh) | \(testCase.purpose.en)"
        try xml.attribute("message", JUnitText.cut(headline, 1_024))
        try xml.text(JUnitText.cut("\(reason.zh)\n\(reason.en)", 16_384))
      }
    }
  }
}
