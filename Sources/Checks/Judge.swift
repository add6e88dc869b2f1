import Formats
public import Profile
import Representation
import Storage

/// Judges samples by a catalogue: findings become verdicts here, and nowhere else.
public struct Judge: Sendable {
  /// What a run leaves out, and how strict it is.
  public struct Options: Sendable, Hashable {
    /// The highest level that is judged.
    public var level = Requirement.Level.accuracy
    /// How deep the weights are read.
    public var depth = Requirement.Depth.values
    /// Whether a `should` that is not met is a failure.
    public var failsOnShould = false

    /// Everything is judged; a `should` that is not met is a warning.
    public init() {}
  }

  private let catalogue: Catalogue
  private let options: Options
  private let checks: [String: any Check]
  private let keys: Set<String>

  /// Where a fault goes whose code is the key of no requirement: a fault of the tool or of the system is never hidden.
  private static let catchAll = FileFault.readable.rawValue

  /// A judge that uses every check of the project.
  public init(_ catalogue: Catalogue, _ options: Options = Options()) {
    self.catalogue = catalogue
    self.options = options
    keys = Set(catalogue.requirements.map(\.key))
    checks = Dictionary(allChecks.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// One result for each requirement of the catalogue, sorted by id.
  public func results(for sample: Sample) -> [RequirementResult] {
    var late = FaultLog()
    var results = catalogue.requirements.map { result(for: sample, by: $0, &late) }
    guard !late.isEmpty else { return results }
    // What shows only while weights are read, such as a file that becomes shorter, is a finding of its own requirement.
    let again = sample.adding(late)
    for (index, requirement) in catalogue.requirements.enumerated()
    where late.entries.contains(where: { $0.code == requirement.key }) {
      results[index] = result(for: again, by: requirement, &late)
    }
    return results
  }

  /// The result of one requirement, which may differ from the catalogue's.
  ///
  /// - Parameter assumed: what is taken for true or false of conditions instead of asking the sample, to prove that
  ///   somebody would notice.
  public func result(
    for sample: Sample, by requirement: Requirement, assuming assumed: [Condition: Bool] = [:]
  ) -> RequirementResult {
    var late = FaultLog()
    return result(for: sample, by: requirement, assuming: assumed, &late)
  }

  /// - Parameter late: takes what a check met that another requirement speaks of.
  private func result(
    for sample: Sample, by requirement: Requirement, assuming assumed: [Condition: Bool] = [:],
    _ late: inout FaultLog
  ) -> RequirementResult {
    if requirement.level > options.level {
      return RequirementResult(requirement, .notApplicable, reason: .leftOutByLevel)
    }
    if requirement.reads > options.depth {
      return RequirementResult(requirement, .notApplicable, reason: .leftOutByDepth)
    }
    var findings = Findings()
    for entry in sample.reading.faults.entries where entry.code == requirement.key {
      findings.add(Finding.Kind(entry.kind), entry.occurrences)
    }
    if requirement.key == Judge.catchAll {
      for entry in sample.reading.faults.entries where !keys.contains(entry.code) {
        findings.add(.system, entry.occurrences)
      }
    }
    if findings.list.isEmpty, sample.reading.format == nil {
      return RequirementResult(requirement, .notApplicable, reason: Condition.formatRecognised.reason)
    }
    // A fault says that the requirement applies, whatever its conditions say of what could be read.
    let isRead = requirement.aspects.isSubset(of: sample.reading.known)
    let unread = isRead ? [] : requirement.aspects.subtracting(sample.reading.known)
    let unmet = requirement.conditions.filter { !(assumed[$0] ?? $0.holds(for: sample)) }
    let surelyUnmet = unmet.first { assumed[$0] != nil || $0.isKnown(for: sample) }
    if findings.list.isEmpty, !unmet.isEmpty, surelyUnmet == nil {
      return RequirementResult(requirement, .inconclusive, reason: .undecided)
    }
    if findings.list.isEmpty, let unmet = surelyUnmet {
      // That something is not there is not known before everything was read.
      let isKnown = unread.isEmpty || !unmet.speaksOfContent
      return RequirementResult(
        requirement, .notApplicable, reason: isKnown ? unmet.reason : .applicabilityUnknown(unread))
    }
    let isRefused = sample.reading.judgedNonetheless?.contains(requirement.key) == false
    if unread.isEmpty || requirement.scope == .each && !isRefused, let check = checks[requirement.key] {
      do {
        try check.judge(sample, by: requirement, &findings)
      } catch let fault as Fault where fault.kind != .system && keys.contains(fault.code) {
        late.log(fault)
        if findings.list.isEmpty {
          return RequirementResult(requirement, .inconclusive, reason: .stopped(by: fault))
        }
      } catch let fault as Fault {
        findings.add(.system, fault.occurrence)
      } catch {
        return RequirementResult(requirement, .error, reason: .toolFault(error))
      }
    }
    if findings.list.isEmpty, !unread.isEmpty {
      return RequirementResult(requirement, .inconclusive, reason: .notRead(unread))
    }
    if findings.list.isEmpty, sample.reading.undecided.contains(requirement.key) {
      return RequirementResult(requirement, .inconclusive, reason: .undecided)
    }
    if findings.list.isEmpty, sample.comparison?.asks(requirement.key) == false {
      return RequirementResult(requirement, .notApplicable, reason: .nothingDeclared)
    }
    let verdict = verdict(requirement, findings.list)
    // What others read otherwise cannot fail a model (architecture decision 2).
    if verdict == .fail, let dispute = dispute(requirement) {
      return RequirementResult(
        requirement, .inconclusive, reason: .restsOnDispute(dispute), findings: findings.list)
    }
    return RequirementResult(requirement, verdict, findings: findings.list)
  }

  /// The id of a disputed interpretation that a requirement rests on.
  private func dispute(_ requirement: Requirement) -> String? {
    requirement.interpretations.first { catalogue.interpretation($0)?.status == .disputed }
  }

  private func verdict(_ requirement: Requirement, _ findings: [Finding]) -> Verdict {
    var verdict = Verdict.pass
    for finding in findings {
      switch finding.kind {
      case .system:
        return .error
      case .malformed, .unsafe, .violation:
        verdict = requirement.modality == .shall || options.failsOnShould ? .fail : .warn
      case .unsupported where verdict == .pass:
        verdict = .inconclusive
      case .unsupported, .remark:
        break
      }
    }
    return verdict
  }
}

extension Finding.Kind {
  init(_ kind: Fault.Kind) {
    switch kind {
    case .malformed: self = .malformed
    case .unsafe: self = .unsafe
    case .unsupported: self = .unsupported
    case .system: self = .system
    }
  }
}

extension Text {
  fileprivate static let leftOutByLevel = Text(
    zh: "按 --level 的要求未作判定", en: "left out by --level")
  fileprivate static let leftOutByDepth = Text(
    zh: "按 --read 的要求未作判定", en: "left out by --read")

  fileprivate static let nothingDeclared = Text(
    zh: "压缩说明与所给限值未涉及此项", en: "neither the statement nor the limits that were given ask for it")

  fileprivate static func notRead(_ aspects: Set<Aspect>) -> Text {
    let names = aspects.map(\.rawValue).sorted()
    return Text(
      zh: "样本有损坏或不支持之处，未能完整读取（\(names.joined(separator: "、"))），无法判定",
      en:
        "cannot be judged: damage or an unsupported feature kept this from being read completely (\(names.joined(separator: ", ")))"
    )
  }

  fileprivate static let undecided = Text(
    zh: "所需比较的内容未能读取（原因另有判定），无法判定",
    en: "cannot be judged: what it compares could not be read, for a reason that has a finding of its own")

  fileprivate static func stopped(by fault: Fault) -> Text {
    Text(
      zh: "\(fault.occurrence.place.file) 无法读完（见 \(fault.code)），无法判定",
      en: "cannot be judged: \(fault.occurrence.place.file) could not be read to its end (see \(fault.code))")
  }

  fileprivate static func restsOnDispute(_ id: String) -> Text {
    Text(
      zh: "所依据的解释 \(id) 尚有争议，不判为不通过",
      en: "rests on interpretation \(id), which is disputed, so it does not fail")
  }

  fileprivate static func applicabilityUnknown(_ aspects: Set<Aspect>) -> Text {
    let names = aspects.map(\.rawValue).sorted()
    return Text(
      zh: "样本未能完整读取（\(names.joined(separator: "、"))），是否适用不得而知",
      en:
        "whether it applies is not known: the sample was not read completely (\(names.joined(separator: ", ")))"
    )
  }

  fileprivate static func toolFault(_ error: any Error) -> Text {
    Text(zh: "工具自身故障：\(error)", en: "fault of the tool: \(error)")
  }
}
