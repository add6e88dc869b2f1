import Configuration
import Profile
import Storage
import Testing

@testable import Conformance

@Suite("The corpus notices what is wrong with itself")
struct CorpusTests {
  /// A vector as it is written, with some lines replaced.
  private static func vector(_ changes: [(String, String)] = []) -> String {
    var text = """
      id: P6.1-021/longest
      purpose: {zh: 名称, en: a name}
      class: syntax
      requirements: {P6.1-021: fail}
      base: native-small
      mutation:
        - {file: model.pmr, at: name, text: "a", times: 257}
      flags: [boundary]
      findings:
        - {requirement: P6.1-021, kind: violation, path: name, expected: "≤ 256", actual: "257"}
      """
    for (old, new) in changes { text = text.replacing(old, with: new) }
    return text
  }

  @Test("A vector is read as it is written")
  func reads() throws {
    let faults = YAMLFaults(file: "vector.yaml")
    let vector = try #require(VectorFile.read(Self.vector(), clause: "6.1", faults))
    #expect(
      vector.id == "P6.1-021/longest" && vector.folder == "P6.1-021" && vector.isStored && !vector.isDecoded)
    #expect(vector.fails("P6.1-021") && !vector.passes("P6.1-021"))
    #expect(vector.findings.first?.actual == "257" && vector.findings.first?.count == 1)
  }

  @Test(
    "What is not as asked is a complaint",
    arguments: [
      [("class: syntax", "class: odd")], [("P6.1-021: fail", "P6.1-021: failed")],
      [("kind: violation", "kind: bad")],
      [("text: \"a\"", "txt: \"a\"")], [("times: 257", "plus: 257")], [("flags: [boundary]\n", "")],
      [("class: syntax\n", ""), ("id: P6.1-021/longest", "class: syntax\nid: P6.1-021/longest")],
      [("actual: \"257\"", "actual: 257")],
    ])
  func complains(changes: [(String, String)]) {
    let faults = YAMLFaults(file: "vector.yaml")
    _ = VectorFile.read(Self.vector(changes), clause: "6.1", faults)
    #expect(!faults.list.isEmpty)
  }

  @Test("An expected finding is matched by its place and its count, and by what else it gives")
  func matches() {
    let place = ExpectedFinding(
      requirement: "A", kind: .violation, file: "f", path: "p", offset: nil, count: 1, expected: nil,
      actual: "3")
    var findings = Findings()
    findings.add(at: .init("f", offset: 9, path: "p"), expected: "2", actual: "3")
    let finding = ExpectedFinding(findings.list[0], of: "A")
    #expect(place.matches(finding))
    #expect(!place.matches(ExpectedFinding(findings.list[0], of: "B")))
    findings.add(at: .init("f", path: "q"))
    #expect(!place.matches(ExpectedFinding(findings.list[0], of: "A")))
    for other in [("f", "q", "3"), ("g", "p", "3"), ("f", "p", "4")] {
      let expected = ExpectedFinding(
        requirement: "A", kind: .violation, file: other.0, path: other.1, offset: nil, count: 1,
        expected: nil,
        actual: other.2)
      #expect(!expected.matches(finding))
    }
  }

  @Test("Every value of the catalogue is moved, removed and joined by a foreign one")
  func catalogueChanges() {
    let number = Requirement.Value(name: "longest", content: .number(256), reason: Text(zh: "", en: ""))
    #expect(CatalogueChange.changes(of: number, foreign: []).map(\.content) == [.number(257), .number(255)])
    let texts = Requirement.Value(name: "roles", content: .texts(["a", "b"]), reason: Text(zh: "", en: ""))
    #expect(
      CatalogueChange.changes(of: texts, foreign: ["c"]).map(\.content)
        == [.texts(["b"]), .texts(["a"]), .texts(["a", "b", "c"])])
  }
}

@Test(
  "There is one way to write a vector",
  arguments: [
    (
      "id: A-001/x\npurpose: {zh: 名称, en: 'a name'}\nmutation:\n- file: m.pmr\n  at: 'a[0].b'\n  set: [1, -2.5, \"3\", .nan, true, \"true\"]\nfindings: []\n",
      "id: A-001/x\npurpose:\n  zh: \"名称\"\n  en: \"a name\"\nmutation:\n  - {file: m.pmr, at: \"a[0].b\", set: [1, -2.5, \"3\", .nan, true, \"true\"]}\nfindings: []\n"
    )
  ])
func vectorTextIsCanonical(text: String, canonical: String) {
  #expect(VectorText.canonical(text) == canonical)
  #expect(VectorText.canonical(canonical) == canonical)
}
