import Profile
import Storage
import Testing

/// What every requirement and interpretation of the published catalogue keeps, whoever wrote it.
@Suite("Catalogue") struct CatalogueTests {
  private let catalogue = Catalogue.published
  private static let places: Set = ["file", "offset", "path", "expected", "actual"]

  @Test("It is not empty, and sorted by id without repetition")
  func sorted() {
    let ids = catalogue.requirements.map(\.id)
    #expect(!ids.isEmpty)
    #expect(ids == Set(ids).sorted())
    #expect(Set(catalogue.requirements.map(\.key)).count == ids.count)
    let interpretations = catalogue.interpretations.map(\.id)
    #expect(interpretations == Set(interpretations).sorted())
  }

  @Test("Ids and keys follow their patterns", arguments: Catalogue.published.requirements)
  func patterns(_ requirement: Requirement) throws {
    #expect(requirement.id.wholeMatch(of: /(P[0-9]+(\.[0-9]+)*|[A-Z]+)-[0-9]{3}/) != nil)
    #expect(requirement.key.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil)
    #expect(requirement.clause.wholeMatch(of: /([0-9]+|A)(\.[0-9]+)*/) != nil)
  }

  @Test("Every text is there in both languages", arguments: Catalogue.published.requirements)
  func bilingual(_ requirement: Requirement) {
    var texts = [requirement.title, requirement.message, requirement.fix, requirement.rationale]
    texts += requirement.values.map(\.reason)
    for text in texts {
      #expect(text.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
      #expect(!text.en.isEmpty)
      #expect(!text.en.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
    }
    #expect(!requirement.example.passing.isEmpty)
    #expect(!requirement.example.failing.isEmpty)
    #expect(requirement.example.passing != requirement.example.failing)
  }

  @Test(
    "Templates use the known places, the same in both languages", arguments: Catalogue.published.requirements)
  func templates(_ requirement: Requirement) {
    for template in [requirement.message, requirement.fix] {
      let zh = Set(template.zh.matches(of: /\{([a-z]+)\}/).map { String($0.1) })
      let en = Set(template.en.matches(of: /\{([a-z]+)\}/).map { String($0.1) })
      #expect(zh == en)
      #expect(zh.isSubset(of: Self.places))
    }
  }

  @Test("Interpretations that are cited exist, and their choice is one of their options")
  func interpretations() {
    for requirement in catalogue.requirements {
      for id in requirement.interpretations { #expect(catalogue.interpretation(id) != nil, "\(id)") }
    }
    for interpretation in catalogue.interpretations {
      #expect((1...interpretation.options.count).contains(interpretation.chosen))
    }
  }

  @Test("Nothing claims that a file conforms to the standard itself")
  func noClaim() {
    for requirement in catalogue.requirements {
      for text in [requirement.title, requirement.message, requirement.fix, requirement.rationale] {
        #expect(!text.en.contains("conforms to GB/T 42382.2"))
        #expect(!text.zh.contains("符合 GB/T 42382.2"))
      }
    }
  }

  @Test("A requirement is found by id and by key")
  func lookup() throws {
    let first = try #require(catalogue.requirements.first)
    #expect(catalogue[first.id] == first)
    #expect(catalogue[first.key] == first)
    #expect(catalogue["P0-000"] == nil)
  }

  @Test("A name from a file is never taken for a place of a template")
  func filling() throws {
    let first = try #require(catalogue.requirements.first)
    let text = Text(zh: "{file}：{actual}、{expected}、{odd}、{", en: "{file}: {actual}, {expected}, {odd}, {")
    let requirement = Requirement(
      id: first.id, key: first.key, clause: first.clause, modality: .shall, provenance: .profile,
      level: .syntax,
      reads: .structure, scope: .each, aspects: [], conditions: [], values: [], title: text, message: text,
      fix: text, rationale: text, example: first.example, interpretations: [])
    var findings = Findings()
    findings.add(at: .init("a"), actual: "{file}")
    let finding = try #require(findings.list.first)
    #expect(requirement.message(of: finding).en == "a: {file}, nothing, {odd}, {")
    #expect(requirement.message(of: finding).zh == "a：{file}、（无）、{odd}、{")
  }
}
