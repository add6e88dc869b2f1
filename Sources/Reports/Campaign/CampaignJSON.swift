public import Profile

/// The JSON report of a campaign, as `reports/schema/campaign.schema.json` describes it.
///
/// It has one sample, the implementation, and one result for each vector; every text has `zh` and `en`.
public enum CampaignJSON {
  /// Writes a report.
  ///
  /// - Throws: what the sink throws.
  public static func write<Sink: ByteSink>(_ report: CampaignReport, to sink: inout Sink) throws {
    var writer = JSONWriter(sink)
    try writer.object { writer in
      writer.key("tool")
      try writer.object { writer in
        writer.field("name", report.tool.name)
        writer.field("version", report.tool.version)
      }
      try writer.profile(report.catalogue)
      writer.field("verdict", report.verdict.rawValue)
      writer.key("samples")
      try writer.list([report]) { writer, report in try writer.implementation(report) }
    }
    sink = try writer.finish()
  }
}

extension JSONWriter {
  fileprivate mutating func implementation(_ report: CampaignReport) throws {
    try object { writer in
      writer.field("path", report.implementation)
      writer.field("verdict", report.verdict.rawValue)
      writer.key("summary")
      try writer.object { writer in
        for verdict in Verdict.summaryOrder { writer.field(verdict.rawValue, report.count(verdict)) }
      }
      writer.key("results")
      try writer.list(report.cases) { writer, testCase in
        try writer.object { writer in
          writer.field("vector", testCase.vector)
          writer.key("requirements")
          try writer.list(testCase.requirements) { writer, id in writer.text(id) }
          writer.field("clause", testCase.clause)
          try writer.text("purpose", testCase.purpose)
          writer.field("verdict", testCase.verdict.rawValue)
          if let reason = testCase.reason { try writer.text("reason", reason) }
        }
      }
    }
  }
}
