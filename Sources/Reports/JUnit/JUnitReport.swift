public import Profile
import Storage

/// The JUnit XML report (`--junit`).
///
/// One suite for each sample and clause, one case for each requirement. Texts are in both languages, so that the bytes do not
/// depend on the language of whoever runs it; what XML 1.0 cannot hold is escaped visibly.
public struct JUnitReport: Sendable {
  /// Which readers a report is for.
  public enum Dialect: String, Sendable, Hashable, CaseIterable {
    /// What both widespread schemas allow: the Ant one and the one of the Jenkins xunit plugin.
    case strict
    /// With properties, file and line on cases, for GitLab, GitHub actions and the Jenkins reader.
    case rich
  }

  /// How a report is written.
  public struct Options: Sendable, Hashable {
    /// Which readers it is for.
    public var dialect = Dialect.strict
    /// The time stamp of each suite, without a zone; a constant unless asked for, so that reports are reproducible.
    public var timestamp = "1970-01-01T00:00:00"
    /// The host name of each suite; a constant unless asked for.
    public var hostname = "localhost"
    /// The size that no file passes: readers refuse or run out of memory beyond it.
    public var fileLimit = 30_000_000

    /// The strict dialect, with constants for time and host.
    public init() {}
  }

  /// How many characters of text a case may have, tried in turn until a file is small enough.
  private static let textLimits = [16_384, 2_048, 256, 64]

  private let tool: String
  private let options: Options
  private let suites: [JUnitSuite]
  private let textLimit: Int
  /// What every suite says of the run.
  private let runProperties: JUnitProperties

  /// One file, or several where a run is too large for one; each is a report of its own with some of the suites.
  ///
  /// Texts are cut, visibly, before a second file is begun; no case is ever left out.
  public static func parts(_ report: RunReport, _ options: Options = Options()) throws -> [JUnitReport] {
    try parts(
      JUnitSuite.suites(of: report), tool: report.tool.name,
      properties(of: report.tool, report.catalogue, at: report.at), options)
  }

  /// The report of a campaign: one suite for each clause, one case for each vector; in one file or several.
  public static func parts(
    _ report: CampaignReport, _ options: Options = Options()
  ) throws -> [JUnitReport] {
    try parts(
      JUnitSuite.suites(of: report), tool: report.tool.name, properties(of: report.tool, report.catalogue),
      options)
  }

  private static func parts(
    _ suites: [JUnitSuite], tool: String, _ properties: JUnitProperties, _ options: Options
  ) throws -> [JUnitReport] {
    let choices = textLimits.map {
      JUnitReport(
        tool: tool, options: options, suites: suites, textLimit: $0, runProperties: properties)
    }
    guard let longest = choices.first, let shortest = choices.last else { return [] }
    if try longest.isSmallEnough() { return [longest] }
    // Where the shortest texts are too long, there is no need to try those in between.
    guard try shortest.isSmallEnough() else { return try shortest.split() }
    return [try choices.dropFirst().first { try $0.isSmallEnough() } ?? shortest]
  }

  /// Whether the report does not pass the limit of a file.
  private func isSmallEnough() throws -> Bool {
    var counter = CountingSink(limit: options.fileLimit)
    do {
      try write(to: &counter)
      return true
    } catch is CountingSink.Full {
      return false
    }
  }

  /// Fills one file after the other.
  private func split() throws -> [JUnitReport] {
    var parts: [[JUnitSuite]] = []
    var size = 0
    let sizes = ConcurrentMap.results(count: suites.count) { index in
      Result {
        var counter = CountingSink()
        // A suite alone counts the frame of the document too, so that the sum errs to the safe side.
        try holding([suites[index]]).write(to: &counter)
        return counter.count
      }
    }
    for (suite, added) in zip(suites, sizes) {
      let added = try added.get()
      if parts.isEmpty || size + added > options.fileLimit {
        parts.append([])
        size = 0
      }
      parts[parts.count - 1].append(suite)
      size += added
    }
    return parts.map(holding)
  }

  private func holding(_ suites: [JUnitSuite]) -> JUnitReport {
    JUnitReport(
      tool: tool, options: options, suites: suites, textLimit: textLimit, runProperties: runProperties)
  }

  /// Writes the report.
  ///
  /// - Throws: what the sink throws, or `XMLWriterError`.
  public func write<Sink: ByteSink>(to sink: inout Sink) throws {
    let xml = try XMLWriter()
    try xml.element("testsuites") {
      if options.dialect == .rich { try totals(xml) }
      for (index, suite) in suites.enumerated() {
        try write(suite, index, xml)
        try xml.take().withUnsafeBytes { try sink.append($0) }
      }
    }
    try xml.end()
    try xml.take().withUnsafeBytes { try sink.append($0) }
  }

  private func totals(_ xml: XMLWriter) throws {
    func total(_ count: (JUnitSuite) -> Int) -> String { String(suites.reduce(0) { $0 + count($1) }) }
    try xml.attribute("name", tool)
    try xml.attribute("tests", total(\.cases.count))
    try xml.attribute("failures", total { $0.count(.failure) })
    try xml.attribute("errors", total { $0.count(.error) })
    try xml.attribute("skipped", total { $0.count(.skipped) })
    try xml.attribute("time", "0.000")
  }

  private func write(_ suite: JUnitSuite, _ index: Int, _ xml: XMLWriter) throws {
    let isRich = options.dialect == .rich
    try xml.element("testsuite") {
      try xml.attribute("package", suite.package)
      try xml.attribute("id", String(index))
      try xml.attribute("name", suite.name)
      try xml.attribute("timestamp", options.timestamp)
      try xml.attribute("hostname", options.hostname)
      try xml.attribute("tests", String(suite.cases.count))
      try xml.attribute("failures", String(suite.count(.failure)))
      try xml.attribute("errors", String(suite.count(.error)))
      if isRich {
        try xml.attribute("skipped", String(suite.count(.skipped)))
        try xml.attribute("file", suite.file)
      }
      try xml.attribute("time", "0.000")
      try (runProperties + suite.properties).write(xml)
      for testCase in suite.cases {
        try testCase.write(xml, suite, isRich: isRich, textLimit: textLimit)
      }
      try xml.element("system-out") {
        // The Ant schema knows no output of a case, so that in the strict dialect it stands here.
        if !isRich { try xml.text(suite.output(textLimit)) }
      }
      try xml.element("system-err")
    }
  }

  private static func properties(
    of tool: (name: String, version: String), _ catalogue: Catalogue, at date: String? = nil
  ) -> JUnitProperties {
    var properties = JUnitProperties()
    properties.add("tool", "\(tool.name) \(tool.version)")
    properties.add("profile", catalogue.profile)
    if let overlay = catalogue.overlay { properties.add("overlay", overlay) }
    if let date { properties.add("at", date) }
    properties.add("statement.zh", catalogue.statement.zh)
    properties.add("statement.en", catalogue.statement.en)
    for provenance in Requirement.Provenance.allCases {
      properties.add("provenance.\(provenance.rawValue)", String(catalogue.count(provenance)))
    }
    return properties
  }
}

/// The properties of a suite or of a case.
struct JUnitProperties: Sendable {
  private var list: [(name: String, value: String)] = []

  static func + (left: JUnitProperties, right: JUnitProperties) -> JUnitProperties {
    var sum = left
    sum.list += right.list
    return sum
  }

  mutating func add(_ name: String, _ value: String) {
    list.append((name, value))
  }

  func write(_ xml: XMLWriter) throws {
    try xml.element("properties") {
      for property in list {
        try xml.element("property") {
          try xml.attribute("name", property.name)
          try xml.attribute("value", property.value)
        }
      }
    }
  }
}
