public import Storage

/// What a check found, folded: however often it was seen, it is one finding with a count.
public struct Finding: Sendable, Hashable {
  /// What kind of finding it is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The bytes break the rules of their format.
    case malformed
    /// The bytes would harm whoever reads them.
    case unsafe
    /// A feature that this tool does not support; the requirement cannot be judged.
    case unsupported
    /// The requirement is not met.
    case violation
    /// Worth knowing; the requirement is met.
    case remark
    /// The operating system refused to give the bytes; a fault of the test system.
    case system
  }

  /// What kind of finding it is.
  public let kind: Kind
  /// Where it was seen, what was expected and what was found.
  public internal(set) var occurrences: Occurrences
  /// How far the value is from what decides between pass and fail, in the unit of the requirement.
  public var margin: Double?

  /// A finding.
  public init(_ kind: Kind, _ occurrences: Occurrences, margin: Double? = nil) {
    self.kind = kind
    self.occurrences = occurrences
    self.margin = margin
  }
}

/// The findings on one requirement, folded by kind, in the order of first sight.
public struct Findings: Sendable {
  /// What was found.
  public private(set) var list: [Finding] = []

  /// No findings.
  public init() {}

  /// Adds what was seen at a place.
  public mutating func add(
    _ kind: Finding.Kind = .violation, at place: Place, expected: String? = nil, actual: String? = nil
  ) {
    add(kind, Occurrence(place, expected: expected, actual: actual))
  }

  /// Adds an occurrence.
  ///
  /// - Parameter margin: how far the value is from what decides; of those that are folded, the least is kept.
  public mutating func add(_ kind: Finding.Kind, _ occurrence: Occurrence, margin: Double? = nil) {
    if let index = list.firstIndex(where: { $0.kind == kind }) {
      list[index].occurrences.add(occurrence)
      if let margin { list[index].margin = min(list[index].margin ?? margin, margin) }
    } else {
      list.append(Finding(kind, Occurrences(occurrence), margin: margin))
    }
  }

  /// Adds occurrences that were folded elsewhere.
  public mutating func add(_ kind: Finding.Kind, _ occurrences: Occurrences) {
    list.append(Finding(kind, occurrences))
  }
}

extension Requirement {
  /// The message of a finding, with its first place filled in.
  public func message(of finding: Finding) -> Text { filled(message, finding.occurrences.first) }

  /// How to mend what a finding says, with its first place filled in.
  public func fix(of finding: Finding) -> Text { filled(fix, finding.occurrences.first) }

  /// The message of one occurrence.
  public func message(at occurrence: Occurrence) -> Text { filled(message, occurrence) }

  private func filled(_ template: Text, _ occurrence: Occurrence) -> Text {
    Text(
      zh: Self.filled(template.zh, occurrence, absent: "（无）"),
      en: Self.filled(template.en, occurrence, absent: "nothing"))
  }

  /// Fills the places of a template in one pass, so that a name from a file is never taken for a place.
  private static func filled(_ template: String, _ occurrence: Occurrence, absent: String) -> String {
    var result = ""
    var rest = Substring(template)
    // By bytes: both braces are ASCII, and to look for them among characters takes ten times as long.
    while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
      result += rest[..<open]
      rest = rest[open...]
      guard let close = rest.utf8.firstIndex(of: UInt8(ascii: "}")) else { break }
      switch rest[rest.index(after: open)..<close] {
      case "file": result += occurrence.place.file.isEmpty ? "." : occurrence.place.file
      case "offset": result += occurrence.place.offset.map(String.init) ?? absent
      case "path": result += occurrence.place.path ?? absent
      case "expected": result += occurrence.expected ?? absent
      case "actual": result += occurrence.actual ?? absent
      default: result += rest[open...close]
      }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
