import Configuration
import Foundation
import Profile
import Testing

@Suite("Overlay") struct OverlayTests {
  private static func requirement(_ id: String, _ key: String) -> Requirement {
    let text = Text(zh: "文", en: "text")
    return Requirement(
      id: id, key: key, clause: "6.1", modality: .shall, provenance: .profile, level: .syntax,
      reads: .structure, scope: .each, aspects: [], conditions: [],
      values: [
        Requirement.Value(name: "limit", content: .number(8), reason: text),
        Requirement.Value(name: "roles", content: .texts(["a"]), reason: text),
      ], title: text, message: text, fix: text, rationale: text,
      example: Requirement.Example(passing: "a", failing: "b"), interpretations: [])
  }

  private let catalogue = Catalogue(
    profile: "t", requirements: [requirement("P6.1-001", "first"), requirement("P6.1-002", "second")])

  @Test("Changes what it names, by id or key, and nothing else")
  func applies() throws {
    let overlay = try OverlayFile.read(
      """
      name: house rules
      requirements:
        - requirement: P6.1-001
          modality: should
          title: {zh: "新", en: "new"}
        - requirement: second
          values:
            - {name: limit, number: 16}
            - {name: roles, texts: [b, c]}
      """, file: "o.yaml")
    let changed = try catalogue.applying(overlay)
    #expect(changed.overlay == "house rules")
    #expect(changed["first"]?.modality == .should)
    #expect(changed["first"]?.title == Text(zh: "新", en: "new"))
    #expect(try changed["second"]?.limit("limit") == 16)
    #expect(try changed["second"]?.texts("roles") == ["b", "c"])
    #expect(changed["second"]?.modality == .shall)
    #expect(try changed["first"]?.number("limit") == 8)
    #expect(catalogue.overlay == nil)
    #expect(catalogue["first"]?.modality == .shall)
  }

  @Test(
    "What it cannot change is an error",
    arguments: [
      (Overlay.Change(requirement: "third"), OverlayError.unknownRequirement("third")),
      (
        Overlay.Change(requirement: "first", values: [.init(name: "odd", content: .number(1))]),
        .unknownValue(requirement: "P6.1-001", name: "odd", known: ["limit", "roles"])
      ),
      (
        Overlay.Change(requirement: "first", values: [.init(name: "limit", content: .texts([]))]),
        .wrongType(requirement: "P6.1-001", name: "limit")
      ),
    ])
  func refuses(_ change: Overlay.Change, _ expected: OverlayError) {
    #expect(throws: expected) { try catalogue.applying(Overlay(name: "o", changes: [change])) }
    #expect(!expected.message.zh.isEmpty && !expected.message.en.isEmpty)
  }

  @Test("The same requirement by id and by key is changed twice")
  func twice() {
    let changes = ["first", "P6.1-001"].map { Overlay.Change(requirement: $0, modality: .may) }
    #expect(throws: OverlayError.changedTwice("P6.1-001")) {
      try catalogue.applying(Overlay(name: "o", changes: changes))
    }
  }

  @Test(
    "A file that is not as asked gives every complaint with its line",
    arguments: [
      ("", ["o.yaml:1: the file is empty"]),
      ("name: a\nname: b\nrequirements: []", ["duplicated"]),
      (
        "name: a\nrequirement: []",
        ["o.yaml:2: unknown key requirement;", "o.yaml:1: key requirements is missing"]
      ),
      (
        "name: a\nrequirements:\n  - {requirement: x}\n  - {requirement: y, modality: must}",
        [
          "o.yaml:3: requirements[0]: changes nothing",
          "o.yaml:4: requirements[1].modality: unknown value must",
        ]
      ),
      (
        "name: a\nrequirements:\n  - requirement: x\n    values: [{name: l, number: .nan}, {name: m}]",
        [
          "o.yaml:4: requirements[0].values[0].number: must be a finite number",
          "give either number or texts",
        ]
      ),
      (
        "name: 1\nrequirements: {}",
        ["o.yaml:1: name: must be a text", "o.yaml:2: requirements: must be a sequence"]
      ),
      ("{", ["o.yaml:"]),
    ])
  func complains(_ text: String, _ complaints: [String]) {
    let error = #expect(throws: OverlayFileError.self) { try OverlayFile.read(text, file: "o.yaml") }
    let lines = error?.faults.map { $0[.en] } ?? []
    for complaint in complaints {
      #expect(lines.contains { $0.contains(complaint) }, "\(complaint) in \(lines)")
    }
    #expect(lines.count >= complaints.count)
  }

  @Test("The example of the repository is right and fits the published catalogue")
  func example() throws {
    let text = try String(
      contentsOf: Repository.root.appending(path: "conformance/schema/overlay.example.yaml"), encoding: .utf8)
    let overlay = try OverlayFile.read(text, file: "overlay.example.yaml")
    #expect(try Catalogue.published.applying(overlay).overlay == overlay.name)
  }
}
