import Storage
import Testing

@testable import Compression

@Suite struct CompressionStatementTests {
  private static let least = #"""
    {"format":"GB42382-PCS","major":1,"minor":0,"original":{},"steps":[{"name":"q","method":"uniform-quantization","tool":{"name":"example","version":"1"}}]}
    """#

  /// What is found in a text: key, kind and path of the first of each.
  private static func found(_ text: String) -> [String] {
    found(Array(text.utf8))
  }

  private static func found(_ bytes: [UInt8], _ limits: StatementLimits = StatementLimits()) -> [String] {
    let reading = CompressionStatement.read(bytes, file: "s", limits: limits)
    let entries = reading.faults.entries
    #expect(
      (reading.statement == nil) == entries.contains { $0.code != "compression-statement-fields-known" })
    return entries.map { "\($0.code) \($0.kind.rawValue) \($0.occurrences.first.place.path ?? "")" }
  }

  @Test func theExampleOfTheChapterIsReadAndWrittenAgain() throws {
    let text =
      #"{"format":"GB42382-PCS","major":1,"minor":0,"original":{"content":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"#
      + #""steps":[{"name":"q","method":"uniform-quantization","tool":{"name":"example","version":"1"},"#
      + #""targets":{"include":["*.weight"]},"settings":{"bits":4,"rounding":"nearest","scale-rule":"greatest"}}],"#
      + #""chains":[{"name":"w4","stages":["uniform"],"steps":["q"]}],"claims":{"bits-per-weight":4.5}}"#
    let reading = CompressionStatement.read(Array(text.utf8), file: "s")
    let statement = try #require(reading.statement)
    #expect(reading.faults.isEmpty)
    #expect(statement.steps[0].method == .listed(.uniformQuantization))
    #expect(statement.steps[0].settings.integer("bits") == 4)
    #expect(statement.steps[0].settings.rounding == .nearest)
    #expect(statement.claims?.bitsPerWeight == 4.5)
    #expect(statement.text == text + "\n")
  }

  @Test func everyFieldIsReadAndWrittenAgain() throws {
    let digest = #"{"algorithm":"sha256","value":"00"}"#
    let text =
      #"{"format":"GB42382-PCS","major":1,"minor":0,"profile":"2026.1","original":{"name":"m"},"steps":["#
      + #"{"name":"p","method":"com.example.magic","tool":{"name":"t"},"targets":{"include":[],"exclude":["a*"]},"#
      + #""data":[{"kind":"calibration","digest":"# + digest + #","samples":3,"description":"d"}],"#
      + #""metrics":[{"name":"f1","task":"t","data":"# + digest
      + #","before":0.5,"after":0.25,"better":"higher","limit":1}]}],"chains":[{"name":"c","stages":[]}],"#
      + #""reductions":[{"kind":"heads","step":"p","units":4,"kept":[[0,1],[3,1]],"cuts":[{"tensor":"q","original":"o","axis":0,"unit":2,"parts":3}],"names":["l.{}.w"]}],"#
      + #""quantities":[{"what":"key-cache","step":"p","targets":{},"element-type":"i3","symmetric":true,"sharing":"block","size":32,"range":"static","scale":0.5,"zero-point":0,"residual":128}],"#
      + #""additions":[{"kind":"prompt","step":"p","variables":["v"],"layer":1,"size":4}],"claims":{"ratio":2,"sparsity":0.5},"#
      + #""limits":[{"targets":{"include":["*"]},"measure":"sqnr-db","value":30}],"extensions":{"com.example.x":[1,{"a":null}]}}"#
    let reading = CompressionStatement.read(Array(text.utf8), file: "s")
    #expect(reading.faults.isEmpty)
    let statement = try #require(reading.statement)
    #expect(statement.text == text + "\n")
    #expect(statement.reductions[0].keptCount == 2)
    #expect(statement.reductions[0].cuts[0].parts == 3)
  }

  @Test(arguments: ["", "[]", #"{"format""#, "\u{FEFF}{}", #"{"a":1,"a":2}"#, #"{"a":NaN}"#, "1"])
  func whatIsNoTextOfAStatement(_ text: String) {
    #expect(Self.found(text).first?.hasPrefix("compression-statement-readable malformed") == true)
  }

  @Test func limits() {
    let deep = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
    #expect(Self.found(deep).first?.hasPrefix("compression-statement-within-limits unsupported") == true)
    var limits = StatementLimits()
    limits.entries = 2
    let three = Self.least.dropLast() + #","chains":[{"name":"a","stages":[]},{"name":"b","stages":[]},3]}"#
    #expect(
      Self.found(Array(three.utf8), limits) == ["compression-statement-within-limits unsupported chains"])
  }

  @Test(arguments: [
    (#""format":"GB42382-PCS""#, #""format":"X""#, "compression-statement-format malformed format"),
    (#""major":1"#, #""major":2"#, "compression-statement-major-version-supported unsupported major"),
    (#""major":1"#, #""major":1e40"#, "compression-statement-fields-form malformed major"),
    (
      #""major":1"#, #""major":99999999999999999999"#,
      "compression-statement-major-version-supported unsupported major"
    ),
    (#""major":1"#, #""major":true"#, "compression-statement-fields-form malformed major"),
    (#""minor":0"#, #""minor":-1"#, "compression-statement-fields-form malformed minor"),
    (#""minor":0,"#, "", "compression-statement-fields-form malformed minor"),
    (
      #""original":{}"#, #""original":{"content":"00"}"#,
      "compression-statement-fields-form malformed original.content"
    ),
    (#""original":{}"#, #""original":{},"more":1"#, "compression-statement-fields-known malformed more"),
    (#""minor":0"#, #""minor":1,"more":1"#, "compression-statement-fields-known unsupported more"),
    (#""name":"q""#, #""name":null"#, "compression-statement-fields-form malformed steps[0].name"),
    (
      #","version":"1""#, #","version":1"#,
      "compression-statement-fields-form malformed steps[0].tool.version"
    ),
    (
      #""original":{}"#, #""original":{},"limits":[{"measure":"beauty","value":1}]"#,
      "compression-statement-fields-form malformed limits[0].measure"
    ),
    (
      #""original":{}"#, #""original":{},"claims":{"ratio":1e999}"#,
      "compression-statement-fields-form malformed claims.ratio"
    ),
    (#""original":{}"#, #""original":{},"quantities":[{}]"#, "quantity-form malformed quantities[0].targets"),
    (#""original":{}"#, #""original":{},"additions":[3]"#, "addition-form malformed additions[0]"),
    (
      #""original":{}"#, #""original":{},"extensions":{"x":1}"#,
      "compression-statement-fields-form malformed extensions.x"
    ),
    (
      #""tool":"#, #""metrics":[{"name":"f1","before":0.9,"after":"0.7","better":"higher"}],"tool":"#,
      "compression-metric-form malformed steps[0].metrics[0].after"
    ),
    (
      #""tool":"#, #""settings":{"bits":"4"},"tool":"#,
      "compression-statement-fields-form malformed steps[0].settings.bits"
    ),
    (
      #""tool":"#, #""settings":{"rounding":"neerest"},"tool":"#,
      "compression-statement-fields-form malformed steps[0].settings.rounding"
    ),
    (#""tool":"#, #""settings":{"rounding":"com.example.r","com.example.x":{}},"tool":"#, ""),
  ])
  func oneChange(_ old: String, _ new: String, _ expected: String) throws {
    let place = try #require(Self.least.firstRange(of: old))
    var text = Self.least
    text.replaceSubrange(place, with: new)
    #expect(Self.found(text) == (expected.isEmpty ? [] : [expected]))
  }

  @Test func aStepWithoutAToolIsReadAllTheSame() throws {
    let place = try #require(Self.least.firstRange(of: #","tool":{"name":"example","version":"1"}"#))
    var text = Self.least
    text.removeSubrange(place)
    let statement = try #require(CompressionStatement.read(Array(text.utf8), file: "s").statement)
    #expect(statement.steps[0].tool == nil)
  }

  @Test(arguments: [
    ("*", "", true), ("*", "a.b", true), ("", "", true), ("", "a", false), ("a.*.w", "a.1.q.w", true),
    ("a.*", "b.a.1", false), ("*.weight", "x.weight", true), ("*.weight", "x.weights", false),
    ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false), ("a**b", "ab", true), ("a?c", "abc", false),
    ("*ab", "aab", true), ("*aab", "aaab", true),
  ])
  func patterns(_ pattern: String, _ name: String, _ matches: Bool) {
    #expect(NamePattern(pattern).matches(name) == matches)
  }

  @Test func keptUnits() {
    func count(_ runs: [(Int64, Int64)], of units: Int64 = 4) -> Int64? {
      CompressionStatement.Reduction(
        .heads, step: "s", units: units,
        kept: runs.map { CompressionStatement.Reduction.Run($0.0, $0.1) }
      ).keptCount
    }
    #expect(count([(0, 1), (3, 1)]) == 2)
    #expect(count([(0, 4)]) == 4)
    #expect(count([(0, 1), (1, 1)]) == nil)
    #expect(count([(3, 2)]) == nil)
    #expect(count([]) == nil)
    #expect(count([(0, 0)]) == nil)
    #expect(count([(-1, 2)]) == nil)
    #expect(count([(1, .max)], of: .max) == nil)
  }
}
