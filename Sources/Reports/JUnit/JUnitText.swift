import Profile
import Storage

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
