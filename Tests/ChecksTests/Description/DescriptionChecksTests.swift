import Formats
import Profile
import Representation
import Storage
import Testing

@testable import Checks

/// The requirements of the description, held against models that meet them and models that do not.
struct DescriptionChecksTests {
  /// The requirements of this part of the catalogue.
  static let requirements = Catalogue.published.requirements.filter { requirement in
    descriptionChecks.contains { $0.key == requirement.key }
  }

  static func results(for sample: DescribedSample) -> [RequirementResult] {
    var reading = Reading(format: .native)
    reading.model = sample.model
    return Judge(Catalogue(profile: "2026.1", requirements: requirements))
      .results(for: Sample(reading: reading, tree: MemoryTree(sample.files), metadata: sample.metadata))
  }

  @Test func everyCheckHasItsRequirement() {
    let keys = descriptionChecks.map(\.key)
    #expect(Set(keys).count == keys.count)
    #expect(keys.filter { Catalogue.published[$0] == nil } == [])
    #expect(Self.requirements.allSatisfy { $0.id.hasPrefix("P6.1-0") })
  }

  @Test func everyRequirementFailsSomewhere() {
    let failing = Set(DescriptionFailure.all.map(\.key))
    // The base itself is smaller than what the note on 3.2 speaks of.
    #expect(Set(Self.requirements.map(\.key)).subtracting(failing) == ["large-model-size-note"])
  }

  @Test func baseMeetsEverything() throws {
    for result in Self.results(for: .base) {
      let expected: Verdict =
        result.requirement.key == "metadata-agrees-with-model" ? .notApplicable : .pass
      #expect(result.verdict == expected, "\(result.requirement.key)")
      if result.requirement.key == "large-model-size-note" {
        let finding = try #require(result.findings.first)
        #expect(finding.kind == .remark)
        #expect(finding.occurrences.first.actual == "6")
        #expect(finding.occurrences.first.expected == "≥ 100000000")
      } else {
        #expect(result.findings.isEmpty, "\(result.requirement.key)")
      }
    }
  }

  @Test(arguments: DescriptionFailure.all)
  func changeIsFoundAndNothingElse(_ failure: DescriptionFailure) throws {
    let results = Self.results(for: failure.sample)
    let result = try #require(results.first { $0.requirement.key == failure.key })
    #expect(result.verdict == failure.verdict)
    let finding = try #require(result.findings.first)
    #expect(result.findings.count == 1)
    #expect(finding.occurrences.count == failure.count)
    #expect(finding.occurrences.first.expected == failure.expected)
    #expect(finding.occurrences.first.actual == failure.actual)
    var expected: Set = [failure.key, "large-model-size-note"]
    if let companion = failure.companion { expected.insert(companion) }
    #expect(Set(results.filter { !$0.findings.isEmpty }.map(\.requirement.key)) == expected)
  }

  @Test(arguments: DescriptionSuccess.all)
  func variantIsAccepted(_ success: DescriptionSuccess) throws {
    let results = Self.results(for: success.sample)
    let result = try #require(results.first { $0.requirement.key == success.key })
    #expect(result.verdict == .pass)
    #expect(
      result.findings.allSatisfy { $0.kind == .remark } && result.findings.count <= (success.remarks ? 1 : 0))
  }

  @Test func messagesAreFilledInBothLanguages() throws {
    for failure in DescriptionFailure.all {
      let results = Self.results(for: failure.sample)
      let result = try #require(results.first { $0.requirement.key == failure.key })
      let finding = try #require(result.findings.first)
      for text in [result.requirement.message(of: finding), result.requirement.fix(of: finding)] {
        #expect(!text.zh.contains("（无）"), "\(failure.key): \(text.zh)")
        #expect(!text.en.contains("nothing)") && !text.zh.contains("{"), "\(failure.key): \(text.en)")
      }
    }
  }

  @Test func whatWasNotReadIsNotMissed() throws {
    var reading = Reading(format: .native)
    reading.known = [.architecture, .graphs, .parameters, .assets]
    let results = Judge(Catalogue(profile: "2026.1", requirements: Self.requirements))
      .results(for: Sample(reading: reading, tree: MemoryTree([:])))
    let licence = try #require(results.first { $0.requirement.key == "licence-present" })
    #expect(licence.verdict == .inconclusive)
    let architecture = try #require(results.first { $0.requirement.key == "architecture-present" })
    #expect(architecture.verdict == .fail)
  }

  @Test func findingsNameTheMetadataFileThatIsWrong() throws {
    var metadata = Metadata(file: "bert.yaml")
    metadata.fields.licence = "MIT AND"
    let sample = DescribedSample.base.with {
      $0.model.licence = nil
      $0.metadata = metadata
    }
    let result = try #require(
      Self.results(for: sample).first { $0.requirement.key == "licence-expression-valid" })
    #expect(result.findings.first?.occurrences.first.place == Place("bert.yaml", path: "licence"))
  }
}
