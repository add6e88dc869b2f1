public import Profile
import Storage

/// The JSON report (`--json`), as `reports/schema/report.schema.json` describes it.
///
/// It does not depend on the language: every text has `zh` and `en`.
public enum JSONReport {
  /// Writes a report.
  ///
  /// - Throws: what the sink throws.
  public static func write<Sink: ByteSink>(_ report: RunReport, to sink: inout Sink) throws {
    try JSONWriter.write(to: &sink) { writer in try object(report, &writer) }
  }

  private static func object(_ report: RunReport, _ writer: inout JSONWriter<AnyByteSink>) throws {
    try writer.object { writer in
      try writer.tool(report)
      try writer.profile(report.catalogue)
      if let at = report.at { writer.field("at", at) }
      writer.field("verdict", report.verdict.rawValue)
      writer.key("samples")
      try writer.list(report.samples) { writer, sample in try writer.sample(sample) }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func tool(_ report: RunReport) throws {
    key("tool")
    try object { writer in
      writer.field("name", report.tool.name)
      writer.field("version", report.tool.version)
    }
  }

  /// Which profile was judged by, and how many requirements of each provenance it has.
  mutating func profile(_ catalogue: Catalogue) throws {
    key("profile")
    try object { writer in
      writer.field("id", catalogue.profile)
      writer.key("provenance")
      try writer.object { writer in
        for provenance in Requirement.Provenance.allCases {
          writer.field(provenance.rawValue, catalogue.count(provenance))
        }
      }
      if let overlay = catalogue.overlay { writer.field("overlay", overlay) }
    }
  }

  /// A text in both languages.
  mutating func text(_ name: String, _ text: Text) throws {
    key(name)
    try object { writer in
      writer.field("zh", text.zh)
      writer.field("en", text.en)
    }
  }

  fileprivate mutating func sample(_ sample: SampleReport) throws {
    try object { writer in
      writer.field("path", sample.path)
      if let comparison = sample.comparison { writer.field("original", comparison.original) }
      writer.key("format")
      if let format = sample.format { writer.text(format) } else { writer.null() }
      writer.field("bytes", sample.bytes)
      writer.key("files")
      try writer.list(sample.files) { writer, file in
        try writer.object { writer in
          writer.field("path", file.path)
          writer.field("bytes", file.bytes)
          if let digest = file.sha256 { writer.field("sha256", digest) }
        }
      }
      writer.field("verdict", sample.verdict.rawValue)
      writer.key("summary")
      try writer.object { writer in
        for verdict in Verdict.summaryOrder { writer.field(verdict.rawValue, sample.count(verdict)) }
      }
      writer.key("results")
      try writer.list(sample.results) { writer, result in try writer.result(result) }
      if let comparison = sample.comparison { try writer.comparison(comparison) }
    }
  }

  private mutating func result(_ result: RequirementResult) throws {
    let requirement = result.requirement
    try object { writer in
      writer.field("requirement", requirement.id)
      writer.field("key", requirement.key)
      writer.field("clause", requirement.clause)
      writer.field("modality", requirement.modality.rawValue)
      writer.field("provenance", requirement.provenance.rawValue)
      writer.field("verdict", result.verdict.rawValue)
      if let reason = result.statedReason { try writer.text("reason", reason) }
      writer.key("findings")
      // A refusal of the system says nothing of the sample: it is the reason of an error, and no finding.
      try writer.list(result.findings.lazy.filter { $0.kind != .system }) { writer, finding in
        try writer.finding(finding, of: requirement)
      }
    }
  }

  /// A finding; one that stands alone names its requirement.
  mutating func finding(_ finding: Finding, of requirement: Requirement, isAlone: Bool = false) throws {
    let occurrences = finding.occurrences
    try object { writer in
      if isAlone {
        writer.field("requirement", requirement.id)
        writer.field("key", requirement.key)
      }
      writer.field("kind", finding.kind.rawValue)
      try writer.text("message", requirement.message(of: finding))
      try writer.text("fix", requirement.fix(of: finding))
      writer.field("count", occurrences.count)
      writer.key("first")
      try writer.object { writer in writer.place(occurrences.first.place) }
      if let last = occurrences.last {
        writer.key("last")
        try writer.object { writer in writer.place(last.place) }
      }
      writer.values(occurrences.first)
      if let margin = finding.margin, margin.isFinite {
        writer.key("margin")
        writer.number(margin)
      }
      guard !occurrences.others.isEmpty else { return }
      writer.key("others")
      try writer.list(occurrences.others) { writer, other in
        try writer.object { writer in
          writer.place(other.place)
          writer.values(other)
        }
      }
    }
  }

  private mutating func place(_ place: Place) {
    field("file", place.file)
    if let offset = place.offset { field("offset", offset) }
    if let path = place.path { field("path", path) }
  }

  private mutating func values(_ occurrence: Occurrence) {
    if let expected = occurrence.expected { field("expected", expected) }
    if let actual = occurrence.actual { field("actual", actual) }
  }
}
