import Storage

/// Writes what a command of clause 8.2 did or found as JSON (`reports/schema/package.schema.json`).
///
/// It does not depend on the language: every text has `zh` and `en`.
public enum PackageReportJSON {
  /// Writes a report on behalf of a tool.
  ///
  /// - Throws: what the sink throws.
  public static func write<Sink: ByteSink>(
    _ report: PackageReport, by tool: (name: String, version: String), to sink: inout Sink
  ) throws {
    try JSONWriter.write(to: &sink) { writer in
      try writer.object { writer in
        writer.key("tool")
        try writer.object {
          $0.field("name", tool.name)
          $0.field("version", tool.version)
        }
        writer.field("command", report.command)
        writer.field("path", report.path)
        if let verdict = report.verdict { writer.field("verdict", verdict.rawValue) }
        if let reason = report.reason { try writer.text("reason", reason) }
        if let bytes = report.bytes { writer.field("bytes", bytes) }
        try facts(report, &writer)
        try trust(report, &writer)
        if let rights = report.rights { try self.rights(rights, &writer) }
        if let output = report.output {
          writer.key("output")
          try writer.object {
            $0.field("path", output.path)
            $0.field("files", output.files)
            $0.field("bytes", output.bytes)
          }
        }
        if let units = report.units { try self.units(units, &writer) }
        guard report.verdict != nil else { return }
        writer.key("findings")
        try writer.list(report.findings) { writer, entry in
          try writer.finding(entry.finding, of: entry.requirement, isAlone: true)
        }
      }
    }
  }

  private static func facts(_ report: PackageReport, _ writer: inout JSONWriter<AnyByteSink>) throws {
    if let facts = report.facts {
      writer.field("version", facts.version)
      writer.field("profile", facts.profile)
      writer.field("suite", facts.suite)
      writer.key("recipients")
      try writer.list(facts.recipients) { $0.text($1) }
    }
    if let root = report.contentRoot { writer.field("content_root", "\(root)") }
    if let root = report.packageRoot { writer.field("package_root", "\(root)") }
  }

  private static func trust(_ report: PackageReport, _ writer: inout JSONWriter<AnyByteSink>) throws {
    if let signatures = report.signatures {
      writer.key("signatures")
      try writer.list(signatures) { writer, signature in
        try writer.object { writer in
          if !signature.place.file.isEmpty { writer.field("file", signature.place.file) }
          if let offset = signature.place.offset { writer.field("offset", offset) }
          if let algorithm = signature.algorithm { writer.field("algorithm", algorithm) }
          if let key = signature.key { writer.field("key", key) }
          if let subject = signature.subject { writer.field("subject", subject) }
          writer.key("names")
          try writer.list(signature.names) { $0.text($1) }
          if let worth = signature.worth { writer.field("worth", worth) }
        }
      }
    }
    guard let trust = report.trust else { return }
    writer.key("trust")
    try writer.object {
      $0.field("required", trust.required)
      $0.field("counted", trust.counted)
    }
  }

  private static func rights(
    _ rights: PackageReport.Rights, _ writer: inout JSONWriter<AnyByteSink>
  ) throws {
    writer.key("rights")
    try writer.object { writer in
      writer.field("issuer", rights.issuer)
      writer.key("grants")
      try writer.list(rights.grants) { writer, grant in
        try writer.object { writer in
          writer.field("subject", grant.subject)
          writer.key("actions")
          try writer.list(grant.actions) { $0.text($1) }
          if let from = grant.days.from { writer.field("from", from) }
          if let until = grant.days.until { writer.field("until", until) }
        }
      }
      writer.field("terms", rights.terms)
    }
  }

  private static func units(
    _ units: [PackageReport.Unit], _ writer: inout JSONWriter<AnyByteSink>
  ) throws {
    writer.key("units")
    try writer.list(units.enumerated()) { writer, numbered in
      let (number, unit) = numbered
      try writer.object { writer in
        writer.field("number", number)
        writer.field("type", unit.type)
        writer.field("identifier", unit.identifier)
        writer.key("flags")
        try writer.list(unit.flags) { $0.text($1) }
        writer.field("offset", unit.offset)
        writer.field("length", unit.length)
        writer.field("chunks", unit.chunks)
        writer.field("digest", "\(unit.digest)")
      }
    }
  }
}
