import Formats
import Profile
import Representation
import Storage
import Testing

@testable import Checks

/// Findings become verdicts (ISO/IEC 9646): one result for each requirement, and nothing hidden.
@Suite("Judge") struct JudgeTests {
  private enum StrayFault: String, FaultCode {
    case stray = "no-such-requirement"
  }

  private func requirement(
    _ key: String, _ modality: Requirement.Modality = .shall, level: Requirement.Level = .syntax,
    reads: Requirement.Depth = .structure, scope: Requirement.Scope = .each, aspects: Set<Aspect> = [],
    conditions: [Condition] = [], interpretations: [String] = []
  ) -> Requirement {
    let text = Text(zh: "文", en: "text")
    return Requirement(
      id: "P6.1-001", key: key, clause: "6.1", modality: modality, provenance: .profile, level: level,
      reads: reads, scope: scope, aspects: aspects, conditions: conditions, values: [], title: text,
      message: text, fix: text, rationale: text, example: Requirement.Example(passing: "a", failing: "b"),
      interpretations: interpretations)
  }

  private func verdict(
    _ requirement: Requirement, _ options: Judge.Options = Judge.Options(),
    _ change: (inout Reading) -> Void = { _ in }
  ) throws -> Verdict {
    var reading = Reading(format: .onnx)
    change(&reading)
    let judge = Judge(Catalogue(profile: "t", requirements: [requirement]), options)
    let results = judge.results(for: Sample(reading: reading, tree: MemoryTree([:])))
    return try #require(results.first).verdict
  }

  @Test(
    "The kind of a fault and the modality decide",
    arguments: [
      (Fault.Kind.malformed, Requirement.Modality.shall, Verdict.fail), (.unsafe, .shall, .fail),
      (.unsupported, .shall, .inconclusive), (.system, .shall, .error), (.malformed, .should, .warn),
      (.unsafe, .should, .warn), (.unsupported, .should, .inconclusive), (.system, .may, .error),
    ])
  func faults(_ kind: Fault.Kind, _ modality: Requirement.Modality, _ expected: Verdict) throws {
    let verdict = try verdict(requirement(FileFault.present.rawValue, modality)) { reading in
      reading.faults.log(FileFault.present, kind, at: Place("a"))
    }
    #expect(verdict == expected)
  }

  @Test("That something is missing is not claimed before everything was read")
  func unreadContent() throws {
    let graph = requirement("graph-outputs-present", aspects: [.graphs], conditions: [.hasGraph])
    let judge = Judge(Catalogue(profile: "t", requirements: [graph]))
    var reading = Reading(format: .onnx)
    let read = judge.results(for: Sample(reading: reading, tree: MemoryTree([:])))
    #expect(read.first?.verdict == .notApplicable)
    #expect(read.first?.reason == Condition.hasGraph.reason)
    reading.known = []
    let unread = judge.results(for: Sample(reading: reading, tree: MemoryTree([:])))
    #expect(unread.first?.verdict == .notApplicable)
    #expect(unread.first?.reason?.en.hasPrefix("whether it applies is not known") == true)
  }

  @Test("What rests on a disputed interpretation does not fail", arguments: Interpretation.Status.allCases)
  func disputed(_ status: Interpretation.Status) throws {
    let text = Text(zh: "文", en: "text")
    let interpretation = Interpretation(
      id: "I-001", clause: "6.1", question: text, options: [text, text], chosen: 1, status: status,
      reason: text,
      vectors: [])
    let disputed = requirement(FileFault.present.rawValue, interpretations: ["I-001"])
    let catalogue = Catalogue(
      profile: "t", requirements: [disputed], interpretations: [interpretation])
    var reading = Reading(format: .onnx)
    reading.faults.log(FileFault.present, at: Place("a"))
    let results = Judge(catalogue).results(for: Sample(reading: reading, tree: MemoryTree([:])))
    #expect(results.first?.verdict == (status == .disputed ? .inconclusive : .fail))
    #expect(results.first?.findings.count == 1)
  }

  @Test("A should fails where the user asks for it")
  func failOnShould() throws {
    var options = Judge.Options()
    options.failsOnShould = true
    let verdict = try verdict(requirement(FileFault.present.rawValue, .should), options) { reading in
      reading.faults.log(FileFault.present, at: Place("a"))
    }
    #expect(verdict == .fail)
  }

  @Test("A fault that no requirement speaks of is an error, never silence")
  func strayFault() throws {
    let verdict = try verdict(requirement(FileFault.readable.rawValue)) { reading in
      reading.faults.log(StrayFault.stray, at: Place("a"))
    }
    #expect(verdict == .error)
  }

  @Test("Nothing is said of what could not be read")
  func unread() throws {
    let asks = requirement("any-key", scope: .whole, aspects: [.graphs])
    #expect(try verdict(asks) { $0.known = [.description] } == .inconclusive)
    #expect(try verdict(asks) == .pass)
  }

  @Test("What does not apply, and what the user leaves out, is not applicable")
  func notApplicable() throws {
    #expect(try verdict(requirement("any-key", conditions: [.hasGraph])) == .notApplicable)
    var options = Judge.Options()
    options.level = .syntax
    #expect(try verdict(requirement("any-key", level: .semantics), options) == .notApplicable)
    options.depth = .structure
    #expect(try verdict(requirement("any-key", reads: .digests), options) == .notApplicable)
  }

  @Test("A fault makes its requirement apply, whatever the conditions say")
  func faultBeforeCondition() throws {
    let asks = requirement(FileFault.present.rawValue, conditions: [.hasGraph])
    #expect(try verdict(asks) { $0.faults.log(FileFault.present, at: Place("a")) } == .fail)
  }

  @Test(
    "The worst verdict is that of the sample",
    arguments: [
      ([Verdict.pass, .notApplicable, .warn, .waived], OverallVerdict.pass),
      ([.pass, .inconclusive], .inconclusive),
      ([.inconclusive, .fail], .fail), ([.fail, .error], .error), ([], .pass),
    ])
  func overall(_ verdicts: [Verdict], _ expected: OverallVerdict) {
    #expect(OverallVerdict(worstOf: verdicts) == expected)
  }
}
