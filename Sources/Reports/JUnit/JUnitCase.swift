import Profile
import Storage

/// One requirement judged on one sample, as a test case.
struct JUnitCase {
  /// What readers make of a case.
  enum Outcome: Sendable, Hashable {
    case passed, failure, error, skipped
  }

  private let result: RequirementResult
  private let sample: SampleReport

  init(_ result: RequirementResult, _ sample: SampleReport) {
    self.result = result
    self.sample = sample
  }

  /// The name, unique in its suite.
  var name: String { "\(result.requirement.id) \(result.requirement.key)" }

  /// What readers make of it.
  var outcome: Outcome {
    switch result.verdict {
    case .pass, .warn: .passed
    case .fail: .failure
    case .inconclusive, .error: .error
    case .notApplicable, .waived: .skipped
    }
  }

  /// What a passing case has to say, if anything.
  func output(_ limit: Int) -> String? {
    guard outcome == .passed, !result.findings.isEmpty else { return nil }
    return JUnitText.cut(body, limit)
  }

  /// Writes the case.
  func write(_ xml: XMLWriter, _ suite: JUnitSuite, isRich: Bool, textLimit: Int) throws {
    try xml.element("testcase") {
      try xml.attribute("name", name)
      try xml.attribute("classname", suite.name)
      try xml.attribute("time", "0.000")
      if isRich {
        try xml.attribute("file", file)
        // Places are bytes and paths, not lines; readers that put a note on a file ask for a line, and get the first.
        try xml.attribute("line", "1")
        try properties.write(xml)
      }
      switch outcome {
      case .passed: break
      case .failure: try write(xml, "failure", type: result.requirement.id, textLimit)
      case .error:
        try write(xml, "error", type: result.verdict == .error ? "tool" : "inconclusive", textLimit)
      case .skipped: try write(xml, "skipped", type: nil, textLimit)
      }
      if isRich, let output = output(textLimit) {
        try xml.element("system-out") { try xml.text(output) }
      }
    }
  }

  private func write(_ xml: XMLWriter, _ element: String, type: String?, _ limit: Int) throws {
    try xml.element(element) {
      if let type { try xml.attribute("type", type) }
      try xml.attribute("message", JUnitText.cut(headline, min(limit, 1_024)))
      try xml.text(JUnitText.cut(body, limit))
    }
  }

  /// The file that the case speaks of, as a path from where the user stood.
  private var file: String {
    let place = result.findings.first?.occurrences.first.place
    guard let name = place?.file, !name.isEmpty else { return sample.path }
    return sample.pathOfFile(name)
  }

  private var properties: JUnitProperties {
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

  /// One line in both languages.
  private var headline: String {
    if let reason = result.statedReason { return JUnitText.line(reason) }
    guard let finding = result.deciding else { return JUnitText.line(result.requirement.title) }
    return JUnitText.line(result.requirement.message(of: finding))
  }

  /// Everything that there is to say, in both languages.
  private var body: String {
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

/// The words of a case.
enum JUnitText {
  /// Both languages in one line.
  static func line(_ text: Text) -> String { "\(text.zh) | \(text.en)" }

  /// A finding, in lines.
  static func lines(_ finding: Finding, of requirement: Requirement) -> [String] {
    let occurrences = finding.occurrences
    let message = requirement.message(of: finding)
    let fix = requirement.fix(of: finding)
    var lines = ["", "[\(line(finding.kind.word))] \(occurrences.first.place.description)"]
    lines += [message.zh, message.en]
    if let expected = occurrences.first.expected { lines.append("expected: \(expected)") }
    if let actual = occurrences.first.actual { lines.append("actual: \(actual)") }
    if let margin = finding.margin { lines.append("margin: \(margin)") }
    lines += ["→ \(fix.zh)", "→ \(fix.en)"]
    guard occurrences.count > 1 else { return lines }
    lines.append("× \(occurrences.count)")
    for other in occurrences.others {
      let values = [other.expected.map { "expected \($0)" }, other.actual.map { "actual \($0)" }]
      lines.append(([other.place.description] + values.compactMap { $0 }).joined(separator: "; "))
    }
    if let last = occurrences.last, occurrences.count > UInt64(occurrences.others.count) + 1 {
      lines.append("… \(last.place.description)")
    }
    return lines
  }

  /// A text of at most that many characters, with a visible note where it was cut.
  static func cut(_ text: String, _ limit: Int) -> String {
    // Counting bytes is cheap, and no text has more characters than bytes.
    guard text.utf8.count > limit,
      let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex), end < text.endIndex
    else { return text }
    return text[..<end] + "… [截断 truncated]"
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
