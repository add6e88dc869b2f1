import Profile

/// What readers make of a case.
enum JUnitOutcome: Sendable, Hashable {
  case passed, failure, error, skipped

  init(_ verdict: Verdict) {
    self =
      switch verdict {
      case .pass, .warn: .passed
      case .fail: .failure
      case .inconclusive, .error: .error
      case .notApplicable, .waived: .skipped
      }
  }
}

/// A test case: one requirement judged on one sample, or one vector tried on one implementation.
protocol JUnitCase: Sendable {
  /// The name, unique in its suite.
  var name: String { get }
  /// The verdict.
  var verdict: Verdict { get }
  /// The type of a failure: the requirement's id.
  var failureType: String { get }
  /// The file that the case speaks of, as a path from where the user stood.
  var file: String { get }
  /// What the rich dialect says of it.
  var properties: JUnitProperties { get }
  /// One line in both languages.
  var headline: String { get }
  /// Everything that there is to say, in both languages.
  var body: String { get }
  /// Whether a passing case has something to say.
  var hasOutput: Bool { get }
}

extension JUnitCase {
  /// What readers make of it.
  var outcome: JUnitOutcome { JUnitOutcome(verdict) }

  /// What a passing case has to say, if anything.
  func output(_ limit: Int) -> String? {
    guard outcome == .passed, hasOutput else { return nil }
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
      case .failure: try write(xml, "failure", type: failureType, textLimit)
      case .error: try write(xml, "error", type: verdict == .error ? "tool" : "inconclusive", textLimit)
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
}
