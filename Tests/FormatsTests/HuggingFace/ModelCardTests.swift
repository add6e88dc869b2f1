import Representation
import Storage
import Testing

@testable import Formats

@Suite("model card")
struct ModelCardTests {
  private func card(_ text: String) throws -> (ModelCard, FaultLog) {
    var faults = FaultLog()
    let card = try ModelCard(MemoryTree(["README.md": Array(text.utf8)]), "README.md", &faults)
    return (card, faults)
  }

  private func licence(_ matter: String, hasText: Bool = false) throws -> (String?, [String]) {
    var (card, faults) = try card("---\n\(matter)\n---\n")
    let licence = card.licence(hasText: hasText, &faults)
    return (licence, faults.entries.map(\.code))
  }

  @Test(arguments: [
    ("license: mit", "MIT", ""), ("license: MIT", "MIT", ""),
    ("license: [mit, apache-2.0]", "MIT AND Apache-2.0", ""),
    ("license:\n- gpl-3.0", "GPL-3.0-only", ""), ("license: llama3", "LicenseRef-llama3", ""),
    ("license: openrail++", "LicenseRef-openrail--", ""), ("license: unknown", nil, ""),
    ("license:", nil, ""),
    ("language: no", nil, ""), ("license: my own", "LicenseRef-my-own", "hf-model-card-licence-known"),
    ("license: other\nlicense_name: acme-1", "LicenseRef-acme-1", ""),
    // What SPDX lists stays, what nothing is left of has a name all the same, and " " states nothing.
    ("license: GPL-2.0-or-later", "GPL-2.0-or-later", "hf-model-card-licence-known"),
    ("license: 专有许可", "LicenseRef-other", "hf-model-card-licence-known"),
    ("license: ' '", nil, ""),
    ("license: other\nlicense_name: MIT OR Apache-2.0", "MIT OR Apache-2.0", ""),
    (
      "license:\n- MIT OR ISC\n- apache-2.0", "(MIT OR ISC) AND Apache-2.0", "hf-model-card-licence-known"
    ),
    ("license: other\nlicense_name: apache-2.0", "Apache-2.0", ""),
    ("license: other", nil, "hf-model-card-licence-named"),
    ("license: other\nlicense_link: LICENSE", "LicenseRef-other", "hf-model-card-licence-named"),
  ])
  func turnsLicencesIntoExpressions(_ matter: String, _ expected: String?, _ code: String) throws {
    let (licence, codes) = try licence(matter)
    #expect(licence == expected)
    #expect(codes == (code.isEmpty ? [] : [code]))
  }

  @Test func readsFieldsAndBody() throws {
    let (card, faults) = try card(
      "\r\n---\r\nmodel-index:\r\n- name: tiny\r\nlanguage:\r\n- en\r\n- no\r\nbase_model: a/b\r\n---\r\n\r\nBody\r\n"
    )
    #expect(faults.isEmpty)
    #expect(card.modelName == "tiny")
    #expect(card.bases == ["a/b"])
    #expect(card.documentation == "Body")
    #expect(
      card.properties == [
        Property(key: "language", value: "en, no"), Property(key: "base_model", value: "a/b"),
      ])
  }

  @Test(arguments: [
    "", "# Title", "---\nA rule, no front matter", "text\n---\na: b\n---", "---\n---\n", "---\n# c\n---",
  ])
  func cardsNeedNoFrontMatter(_ text: String) throws {
    let (card, faults) = try card(text)
    #expect(faults.isEmpty)
    #expect(card.modelName == nil)
  }

  @Test(arguments: ["a: [", "- a\n- b", "a: b: c", "a: 1\na: 2", "\"x", "a:\n\t- b", "just text"])
  func findsBrokenFrontMatter(_ matter: String) throws {
    let (_, faults) = try card("---\n\(matter)\n---\n")
    #expect(faults.entries.map(\.code) == ["hf-model-card-front-matter"])
  }

  @Test func boundsWhatYAMLMayCost() throws {
    let long = "---\n" + String(repeating: "a: b\n", count: 20_000) + "---\n"
    #expect(try card(long).1.entries.map(\.kind) == [.unsupported])
    var bomb = "---\na0: &a0 [x, x]\n"
    for level in 1..<30 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let (_, faults) = try card(bomb + "? *a29\n: x\n---\n")
    #expect(faults.entries.map(\.code) == ["hf-model-card-within-limit"])
    #expect(faults.entries.map(\.kind) == [.unsafe])
    let deep = try card("---\na: " + String(repeating: "[", count: 30_000) + "\n---\n").1
    #expect(deep.entries.map { "\($0.code) \($0.kind)" } == ["hf-model-card-within-limit unsupported"])
    let nested = try card("---\n" + String(repeating: "- ", count: 30_000) + "\n---\n").1
    #expect(nested.entries.map { "\($0.code) \($0.kind)" } == ["hf-model-card-within-limit unsupported"])
  }

  @Test func takesEmphasisForNoAlias() throws {
    let text = (0..<40).map { "  *word\($0)* & more" }.joined(separator: "\n")
    #expect(try card("---\ntext: |\n\(text)\nname: x\n---\n").1.isEmpty)
  }
}
