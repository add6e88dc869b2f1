import Testing

@testable import Licences

/// The grammar of SPDX licence expressions; expectations follow the annex of the SPDX specification 3.1.
struct LicenceExpressionTests {
  /// An expression and the identifiers in it.
  static let valid: [(text: String, licences: [String], exceptions: [String], references: [String])] = [
    ("MIT", ["MIT"], [], []),
    ("CDDL-1.0+", ["CDDL-1.0"], [], []),
    ("MIT OR Apache-2.0 AND BSD-3-Clause", ["MIT", "Apache-2.0", "BSD-3-Clause"], [], []),
    ("mit or apache-2.0", ["mit", "apache-2.0"], [], []),
    (" ( MIT ) ", ["MIT"], [], []),
    ("((MIT OR ISC)AND Zlib)", ["MIT", "ISC", "Zlib"], [], []),
    ("GPL-2.0-or-later WITH Bison-exception-2.2", ["GPL-2.0-or-later"], ["Bison-exception-2.2"], []),
    ("GPL-2.0+ with Bison-exception-2.2 and MIT", ["GPL-2.0", "MIT"], ["Bison-exception-2.2"], []),
    ("LicenseRef-MIT-Style-1", [], [], ["LicenseRef-MIT-Style-1"]),
    (
      "DocumentRef-spdx-tool-1.2:LicenseRef-2 OR MIT WITH AdditionRef-x", ["MIT"], [],
      ["DocumentRef-spdx-tool-1.2:LicenseRef-2", "AdditionRef-x"]
    ),
    ("MIT WITH DocumentRef-a:AdditionRef-b", ["MIT"], [], ["DocumentRef-a:AdditionRef-b"]),
    ("NONE", [], [], []),
    ("NOASSERTION AND MIT", ["MIT"], [], []),
    ("MIT OR NONE AND ISC", ["MIT", "ISC"], [], []),
  ]

  @Test(arguments: valid)
  func isRead(_ text: String, _ licences: [String], _ exceptions: [String], _ references: [String]) throws {
    let expression = try LicenceExpression(text)
    #expect(expression.licences.map(\.text) == licences)
    #expect(expression.exceptions.map(\.text) == exceptions)
    #expect(expression.references.map(\.text) == references)
  }

  @Test(arguments: [
    ("", "empty @0"), ("   ", "empty @0"), ("MIT Apache-2.0", "operator-expected @4 \"Apache-2.0\""),
    ("MIT AND", "licence-expected @7"), ("OR MIT", "licence-expected @0 \"OR\""),
    ("MIT Or ISC", "operator-expected @4 \"Or\""), ("MIT AND AND ISC", "licence-expected @8 \"AND\""),
    ("(MIT", "unbalanced-parenthesis @0 \"(\""), ("MIT)", "unbalanced-parenthesis @3 \")\""),
    ("()", "licence-expected @1 \")\""),
    ("GPL-2.0 WITH", "exception-expected @12"), ("GPL-2.0 WITH (x)", "exception-expected @13 \"(\""),
    ("(GPL-2.0-only) WITH x", "with-needs-a-licence @15 \"WITH\""), ("NONE OR MIT", "none-in-a-choice @0"),
    ("MIT OR NOASSERTION", "none-in-a-choice @7"), ("NONE WITH x", "with-needs-a-licence @5 \"WITH\""),
    ("LicenseRef-", "bad-identifier @0 \"LicenseRef-\""),
    ("LicenseRef-x+", "bad-identifier @0 \"LicenseRef-x+\""),
    ("licenseref-x", "bad-identifier @0 \"licenseref-x\""),
    ("DocumentRef-a LicenseRef-b", "bad-identifier @0 \"DocumentRef-a\""),
    ("MIT WITH LicenseRef-x", "bad-identifier @9 \"LicenseRef-x\""),
    ("MIT/Apache-2.0", "bad-identifier @0 \"MIT/Apache-2.0\""),
    ("Apache_2.0", "bad-identifier @0 \"Apache_2.0\""), ("GPL-2.0++", "bad-identifier @0 \"GPL-2.0++\""),
    ("MIT\nISC", "bad-character @3"), ("许可证", "bad-character @0"), ("-.-", "bad-identifier @0 \"-.-\""),
  ])
  func isRefused(_ text: String, _ description: String) throws {
    let error = try #require(throws: LicenceExpressionError.self) { try LicenceExpression(text) }
    #expect(error.description == description)
  }

  @Test func depthAndLengthAreBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "MIT" + String(repeating: ")", count: depth)
    }
    #expect(try LicenceExpression(nested(32)).licences.count == 1)
    let deep = try #require(throws: LicenceExpressionError.self) { try LicenceExpression(nested(33)) }
    #expect(deep.reason == .tooDeep)
    let long = try #require(throws: LicenceExpressionError.self) {
      try LicenceExpression(String(repeating: "a", count: 4097))
    }
    #expect(long.reason == .tooLong)
    let open = try #require(throws: LicenceExpressionError.self) {
      try LicenceExpression(String(repeating: "(", count: 4096))
    }
    #expect(open.reason == .tooDeep)
  }

  @Test func expressionsCompareWithoutRegardToCaseAndSpaces() throws {
    let left = try LicenceExpression("(mit or  Apache-2.0)")
    let right = try LicenceExpression("( MIT OR APACHE-2.0 )")
    #expect(left.normalised == right.normalised)
  }

  @Test(arguments: [
    ("apache-2.0", LicenceList.Status.current), ("AGPL-3.0", .deprecated), ("GPL-2.0+", .deprecated),
    ("CDDL-1.0+", .current), ("llama3", nil), ("other", nil), ("CC-BY-NC-4.0", .current),
    ("MulanPSL-2.0", .current),
  ])
  func theListKnows(_ text: String, _ status: LicenceList.Status?) throws {
    let licence = try #require(try LicenceExpression(text).licences.first)
    #expect(LicenceList.carried.status(ofLicence: licence) == status)
  }

  @Test func theListIsWhole() {
    // SPDX License List 3.27.0: 699 licences of which 32 are deprecated, and 79 exceptions.
    #expect(SPDXIdentifiers.version == "3.27.0")
    let words = SPDXIdentifiers.licences.split { $0 == " " || $0 == "\n" }
    #expect(words.count == 699)
    #expect(words.count { $0.first == "!" } == 32)
    #expect(SPDXIdentifiers.exceptions.split { $0 == " " || $0 == "\n" }.count == 79)
  }
}
