import Foundation
import Reports
import Testing

@Suite struct JSONReportTests {
  private func bytes() throws -> [UInt8] {
    var sink = MemorySink()
    try JSONReport.write(SampleRun.report, to: &sink)
    return sink.bytes
  }

  @Test func isValidAgainstItsSchema() throws {
    let schema = try JSONSchema(Repository.bytes("reports/schema/report.schema.json"))
    #expect(try schema.problems(bytes()) == [])
  }

  /// The golden file is also what CI holds against the schema with a validator by others.
  @Test func looksAsAPersonHasReadIt() throws {
    try Repository.expectGolden(String(decoding: bytes(), as: UTF8.self), "report.json")
  }

  @Test(arguments: [
    ("\"verdict\": \"error\"", "\"verdict\": \"broken\""),
    ("\"format\": \"onnx\"", "\"formats\": \"onnx\""),
    ("\"count\": 13", "\"count\": 0"),
    ("\"kind\": \"malformed\"", "\"kind\": \"system\""),
  ])
  func theSchemaIsStrict(_ change: (from: String, to: String)) throws {
    let schema = try JSONSchema(Repository.bytes("reports/schema/report.schema.json"))
    let text = String(decoding: try bytes(), as: UTF8.self)
    #expect(text.contains(change.from))
    let changed = text.replacingOccurrences(of: change.from, with: change.to)
    #expect(try schema.problems([UInt8](changed.utf8)) != [])
  }

  @Test func isTheSameEveryTime() throws {
    #expect(try bytes() == bytes())
  }

  @Test func holdsTheFieldsOfTheContract() throws {
    let json = try JSONSerialization.jsonObject(with: Data(bytes())) as? [String: Any]
    let report = try #require(json)
    #expect(report["verdict"] as? String == "error")
    #expect(report["at"] as? String == "2026-11-23")
    let provenance = (report["profile"] as? [String: Any])?["provenance"] as? [String: Int]
    #expect(provenance == ["text": 1, "part1": 1, "profile": 7])
    let samples = try #require(report["samples"] as? [[String: Any]])
    #expect(samples.map { $0["path"] as? String } == ["models/伯特 base.onnx", "other/伯特 base.onnx"])
    let summary = samples[0]["summary"] as? [String: Int]
    #expect(
      summary == [
        "pass": 2, "fail": 2, "warn": 1, "inconclusive": 2, "not_applicable": 0, "error": 1, "waived": 1,
      ])
    let results = try #require(samples[0]["results"] as? [[String: Any]])
    let range = results[0]
    #expect(range["requirement"] as? String == "ONNX-012")
    let finding = try #require((range["findings"] as? [[String: Any]])?.first)
    #expect(finding["count"] as? Int == 13)
    #expect(finding["margin"] as? Double == -3.5)
    #expect(finding["expected"] as? String == "4×8×2 B = 64 B")
    #expect(finding["actual"] as? String == "\u{1B}[31m<&>\"'")
    let first = finding["first"] as? [String: Any]
    #expect(first?["offset"] as? Int == 64)
    #expect(first?["path"] as? String == "graphs[0].variables[\"a\u{1}]\u{202E}\"]")
    #expect((finding["last"] as? [String: Any])?["path"] as? String == "graphs[0].nodes[12]")
    #expect((finding["others"] as? [[String: Any]])?.count == 8)
    #expect((results[1]["findings"] as? [Any])?.count == 0)
    #expect((results[1]["reason"] as? [String: String])?["zh"] == "系统未能提供数据：weights.bin@4096（EIO）")
    #expect(samples[1]["format"] is NSNull)
  }

  @Test func escapesWhatATerminalWouldActUpon() throws {
    let text = String(decoding: try bytes(), as: UTF8.self)
    #expect(text.contains(#"\u001b[31m<&>\"'"#))
    #expect(text.contains(#"a\u0001]\u202e\"]"#))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
  }
}
