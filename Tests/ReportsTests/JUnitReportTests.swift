import Foundation
import Profile
import Testing

@testable import Reports

@Suite struct JUnitReportTests {
  private func bytes(_ dialect: JUnitReport.Dialect) throws -> [UInt8] {
    var options = JUnitReport.Options()
    options.dialect = dialect
    let parts = try JUnitReport.parts(SampleRun.report, options)
    #expect(parts.count == 1)
    var sink = MemorySink()
    for part in parts { try part.write(to: &sink) }
    return sink.bytes
  }

  private func problems(_ bytes: [UInt8], _ schema: String) throws -> [JUnitSchema.Problem] {
    try JUnitSchema.validate(bytes, against: Repository.bytes("reports/schema/\(schema).xsd"))
  }

  @Test(arguments: ["junit-ant", "junit-jenkins"])
  func strictIsValidAgainstBothSchemas(_ schema: String) throws {
    #expect(try problems(bytes(.strict), schema) == [])
  }

  @Test func richIsValidAgainstItsOwnSchemaAndNoOther() throws {
    #expect(try problems(bytes(.rich), "junit-rich") == [])
    #expect(try problems(bytes(.rich), "junit-ant") != [])
    #expect(try problems(bytes(.rich), "junit-jenkins") != [])
  }

  @Test(arguments: JUnitReport.Dialect.allCases)
  func looksAsAPersonHasReadIt(_ dialect: JUnitReport.Dialect) throws {
    try Repository.expectGolden(
      String(decoding: bytes(dialect), as: UTF8.self), "junit-\(dialect.rawValue).xml")
  }

  @Test func anEmptyRunIsAReport() throws {
    let empty = RunReport(
      tool: (name: "gbt42382", version: "0"), catalogue: SampleRun.catalogue, at: nil, samples: [])
    var sink = MemorySink()
    for part in try JUnitReport.parts(empty) { try part.write(to: &sink) }
    #expect(try problems(sink.bytes, "junit-ant") == [])
    #expect(try problems(sink.bytes, "junit-jenkins") == [])
  }

  @Test func textIsCutBeforeAFileGrowsTooLarge() throws {
    var options = JUnitReport.Options()
    options.fileLimit = try bytes(.strict).count - 1
    let parts = try JUnitReport.parts(SampleRun.report, options)
    var sink = MemorySink()
    for part in parts { try part.write(to: &sink) }
    #expect(parts.count == 1)
    #expect(sink.bytes.count <= options.fileLimit)
    #expect(sink.text.contains("[截断 truncated]"))
    #expect(sink.text.components(separatedBy: "<testcase ").count - 1 == 11)
  }

  @Test func textIsCutNoMoreThanIsNeeded() throws {
    func size(_ limit: Int) throws -> (parts: Int, bytes: Int) {
      var options = JUnitReport.Options()
      options.fileLimit = limit
      let parts = try JUnitReport.parts(SampleRun.report, options)
      var sink = MemorySink()
      for part in parts { try part.write(to: &sink) }
      return (parts.count, sink.bytes.count)
    }
    let whole = try size(.max)
    let cut = try size(whole.bytes - 1)
    let shorter = try size(cut.bytes - 1)
    #expect(cut.parts == 1 && shorter.parts == 1)
    #expect(whole.bytes > cut.bytes && cut.bytes > shorter.bytes)
    #expect(try size(shorter.bytes - 1).parts > 1)
  }

  @Test func aRunTooLargeForOneFileTakesSeveralAndLosesNoCase() throws {
    var options = JUnitReport.Options()
    options.fileLimit = 5_000
    let parts = try JUnitReport.parts(SampleRun.report, options)
    #expect(parts.count > 1)
    var cases = 0
    for part in parts {
      var sink = MemorySink()
      try part.write(to: &sink)
      #expect(try problems(sink.bytes, "junit-ant") == [])
      cases += sink.text.components(separatedBy: "<testcase ").count - 1
    }
    #expect(cases == 11)
  }

  @Test(arguments: [
    (["a/model.onnx", "b/model.onnx", "model.onnx-2"], ["model.onnx", "model.onnx-2", "model.onnx-2-2"]),
    (["/", ".", "..", ""], ["sample", "sample-2", "sample-3", "sample-4"]),
    (["dir/", "a b/c:d", "模型"], ["dir", "c_d", "模型"]),
  ])
  func samplesGetUniqueSafeNames(_ paths: [String], _ names: [String]) {
    #expect(JUnitSuite.uniqueNames(paths) == names)
  }

  @Test func clausesComeInTheOrderOfTheStandard() {
    let clauses = ["A.1", "6.10", "8.2", "6.2", "6", "7.1"].sorted(by: ClauseOrder.precedes)
    #expect(clauses == ["6", "6.2", "6.10", "7.1", "8.2", "A.1"])
  }
}

@Suite struct JUnitSchemaTests {
  private let minimal = """
    <testsuites><testsuite package="a" id="0" name="a.6" timestamp="2026-01-01T00:00:00" hostname="h" tests="1" \
    failures="0" errors="0" time="0"><properties/><testcase name="n" classname="c" time="0"/><system-out/>\
    <system-err/></testsuite></testsuites>
    """

  private func isValid(_ xml: String, _ schema: String) throws -> Bool {
    try JUnitSchema.validate(
      [UInt8](xml.utf8), against: Repository.bytes("reports/schema/\(schema).xsd")
    ).isEmpty
  }

  @Test func theSmallestReportIsValid() throws {
    #expect(try isValid(minimal, "junit-ant"))
    #expect(try isValid(minimal, "junit-jenkins"))
  }

  /// What each schema says of a change to the smallest report (facts of methodology: what each reader takes).
  @Test(arguments: [
    ("<testsuites>", "<testsuites name=\"a\">", false, true),
    ("2026-01-01T00:00:00", "2026-01-01T00:00:00Z", false, true),
    (" hostname=\"h\"", "", false, true),
    (" tests=\"1\"", "", false, false),
    (" classname=\"c\"", "", false, true),
    ("time=\"0\"/>", "time=\"0\" file=\"f\"/>", false, false),
    ("time=\"0\"/>", "time=\"0\" line=\"1\"/>", false, false),
    ("time=\"0\"/>", "time=\"0\" group=\"g\"/>", false, true),
    ("time=\"0\"/>", "time=\"0\"><properties/></testcase>", false, false),
    ("time=\"0\"/>", "time=\"0\"><failure/></testcase>", false, true),
    ("time=\"0\"/>", "time=\"0\"><failure type=\"t\" message=\"m\">x</failure></testcase>", true, true),
    ("time=\"0\"/>", "time=\"0\"><skipped message=\"m\">x</skipped></testcase>", true, true),
    ("time=\"0\"/>", "time=\"0\"><error type=\"t\"/><system-out/></testcase>", false, true),
    ("time=\"0\"/>", "time=\"0\"><error type=\"t\"/><failure type=\"t\"/></testcase>", false, true),
    ("time=\"0\"/>", "time=\"0\"><flakyFailure type=\"t\"/></testcase>", false, true),
    ("<properties/>", "", false, true),
    ("<system-out/>", "", false, true),
    ("<system-out/><system-err/>", "<system-err/><system-out/>", false, true),
    ("errors=\"0\" time=\"0\"", "errors=\"0\" time=\"0\" skipped=\"0\"", true, true),
    ("errors=\"0\" time=\"0\"", "errors=\"0\" time=\"0.1234\"", true, false),
    ("errors=\"0\" time=\"0\"", "errors=\"0\" time=\"1,234.5\"", false, true),
  ])
  func eachSchemaTakesWhatItsReadersTake(
    _ from: String, _ to: String, _ ant: Bool, _ jenkins: Bool
  ) throws {
    #expect(minimal.contains(from))
    let changed = minimal.replacingOccurrences(of: from, with: to)
    #expect(try isValid(changed, "junit-ant") == ant)
    #expect(try isValid(changed, "junit-jenkins") == jenkins)
  }

  @Test func brokenXMLIsInvalidAndABrokenSchemaIsAnError() throws {
    #expect(try !isValid("<testsuites>", "junit-ant"))
    #expect(throws: JUnitSchema.Problem.self) {
      try JUnitSchema.validate([UInt8](minimal.utf8), against: [UInt8]("<a/>".utf8))
    }
  }

  @Test func anExternalEntityIsNotRead() throws {
    let hostile = """
      <!DOCTYPE testsuites [<!ENTITY x SYSTEM "file:///etc/hostname">]>
      <testsuites>&x;</testsuites>
      """
    #expect(try !isValid(hostile, "junit-ant"))
  }
}
