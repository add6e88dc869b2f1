import Profile
import Storage

/// One requirement judged on one sample, as a test case.
struct JUnitRequirementCase: JUnitCase {
  private let result: RequirementResult
  private let sample: SampleReport

  init(_ result: RequirementResult, _ sample: SampleReport) {
    self.result = result
    self.sample = sample
  }

  var name: String { "\(result.requirement.id) \(result.requirement.key)" }
  var verdict: Verdict { result.verdict }
  var failureType: String { result.requirement.id }
  var hasOutput: Bool { !result.findings.isEmpty }

  var file: String {
    let place = result.findings.first?.occurrences.first.place
    guard let name = place?.file, !name.isEmpty else { return sample.path }
    return sample.pathOfFile(name)
  }

  var properties: JUnitProperties {
    let requirement = result.requirement
    var properties = JUnitProperties()
    properties.add("requirement", requirement.id)
    properties.add("key", requirement.key)
    properties.add("clause", requirement.clause)
    properties.add("modality", requirement.modality.rawValue)
    properties.add("provenance", requirement.provenance.rawValue)
    properties.add("level", requirement.level.rawValue)
    properties.add("verdict", result.verdict.rawValue)
    if let first = result.findings.first?.occurrences.first {
      if let offset = first.place.offset { properties.add("offset", String(offset)) }
      if let path = first.place.path { properties.add("path", path) }
      if let expected = first.expected { properties.add("expected", expected) }
      if let actual = first.actual { properties.add("actual", actual) }
    }
    return properties
  }

  var headline: String {
    if let reason = result.statedReason { return JUnitText.line(reason) }
    guard let finding = result.deciding else { return JUnitText.line(result.requirement.title) }
    return JUnitText.line(result.requirement.message(of: finding))
  }

  var body: String {
    var lines: [String] = []
    if let reason = result.statedReason { lines += [reason.zh, reason.en] }
    if outcome != .skipped {
      lines += [result.requirement.title.zh, result.requirement.title.en]
      // What the system refused is the stated reason; the requirement's own message would say what nobody knows.
      for finding in result.findings where finding.kind != .system {
        lines += JUnitText.lines(finding, of: result.requirement)
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension RequirementResult {
  /// The finding that decides the verdict.
  var deciding: Finding? {
    let kinds: [Finding.Kind] =
      switch verdict {
      case .fail, .warn, .waived: [.malformed, .unsafe, .violation]
      case .inconclusive: [.unsupported]
      case .error: [.system]
      case .pass, .notApplicable: [.remark]
      }
    return findings.first { kinds.contains($0.kind) } ?? findings.first
  }
}

extension SampleReport {
  /// A file of the sample as a path from where the user stood.
  func pathOfFile(_ name: String) -> String {
    // The user named a directory, or a file that stands among those of the sample.
    var folder = path
    while folder.hasSuffix("/"), folder.count > 1 { folder.removeLast() }
    let last = folder.split(separator: "/").last.map(String.init) ?? ""
    guard format != "huggingface", files.contains(where: { $0.path == last }) else {
      return folder.isEmpty ? name : "\(folder)/\(name)"
    }
    return folder.dropLast(last.count) + name
  }
}
