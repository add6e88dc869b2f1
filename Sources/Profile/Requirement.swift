public import Representation

/// A text in the two languages of the project.
public struct Text: Sendable, Hashable {
  /// Simplified Chinese.
  public let zh: String
  /// English.
  public let en: String

  /// A text.
  public init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// The text in a language.
  public subscript(language: Language) -> String {
    switch language {
    case .zh: zh
    case .en: en
    }
  }
}

/// A language that people read.
public enum Language: String, Sendable, Hashable, CaseIterable {
  case zh, en
}

/// A requirement of the profile, as data: what is asked, why, where it comes from; never how it is checked.
///
/// It never changes, and there are hundreds of results for each sample that refer to one: so it is a class, and they share it.
public final class Requirement: Sendable {
  /// How binding a requirement is (GB/T 1.1—2020): 应, 宜, 可.
  public enum Modality: String, Sendable, Hashable, CaseIterable {
    case shall, should, may
  }

  /// Where a requirement comes from (architecture decision 2).
  public enum Provenance: String, Sendable, Hashable, CaseIterable {
    /// The published front matter of GB/T 42382.2—2026 says it.
    case text
    /// It follows from the structure that the public table of contents of IEEE 2941-2021 shows.
    case part1
    /// This project's own choice.
    case profile
  }

  /// What kind of judgement a requirement needs; a run asks for levels up to one of these.
  public enum Level: String, Sendable, Hashable, CaseIterable, Comparable {
    case syntax, semantics, accuracy

    public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    private var rank: Int {
      switch self {
      case .syntax: 0
      case .semantics: 1
      case .accuracy: 2
      }
    }
  }

  /// How deep the weights have to be read to judge a requirement.
  public enum Depth: String, Sendable, Hashable, CaseIterable, Comparable {
    case structure, digests, values

    public static func < (left: Depth, right: Depth) -> Bool { left.rank < right.rank }
    private var rank: Int {
      switch self {
      case .structure: 0
      case .digests: 1
      case .values: 2
      }
    }
  }

  /// Whether a requirement speaks of each thing that is there, or of the model as a whole.
  public enum Scope: String, Sendable, Hashable, CaseIterable {
    /// Each thing that was read can be judged, even if others could not be read.
    case each
    /// Nothing can be said until its aspects were read completely; above all that something is missing.
    case whole
  }

  /// A value that a user may change by an overlay: a limit, a tolerance, an enumeration.
  public struct Value: Sendable, Hashable {
    /// The content of a value.
    public enum Content: Sendable, Hashable {
      case number(Double)
      case texts([String])
    }

    /// The name, unique in the requirement.
    public let name: String
    /// The content.
    public var content: Content
    /// Why it is what it is.
    public let reason: Text

    /// A value.
    public init(name: String, content: Content, reason: Text) {
      self.name = name
      self.content = content
      self.reason = reason
    }
  }

  /// The smallest example that meets a requirement and the smallest that does not.
  public struct Example: Sendable, Hashable {
    /// What meets the requirement.
    public let passing: String
    /// What does not.
    public let failing: String

    /// An example.
    public init(passing: String, failing: String) {
      self.passing = passing
      self.failing = failing
    }
  }

  /// The stable opaque id, such as `P6.1-007`.
  public let id: String
  /// The stable key in plain English, such as `contributor-list-present`; also the code of the faults that violate it.
  public let key: String
  /// The clause of the standard under which it stands.
  public let clause: String
  /// How binding it is; an overlay may change it.
  public let modality: Modality
  /// Where it comes from.
  public let provenance: Provenance
  /// What kind of judgement it needs.
  public let level: Level
  /// How deep the weights have to be read.
  public let reads: Depth
  /// Whether it speaks of each thing or of the whole.
  public let scope: Scope
  /// The parts of the model that it speaks of.
  public let aspects: Set<Aspect>
  /// The conditions under which it applies, all of which must hold.
  public let conditions: [Condition]
  /// The values that an overlay may change.
  public let values: [Value]
  /// What it asks, in a line; an overlay may change it.
  public let title: Text
  /// The message of a finding, with the places `{file}`, `{offset}`, `{path}`, `{expected}` and `{actual}`.
  public let message: Text
  /// How to mend what a finding says, with the same places.
  public let fix: Text
  /// Why it is asked, and what goes wrong in practice where it is not met.
  public let rationale: Text
  /// The smallest passing and failing example.
  public let example: Example
  /// The ids of the interpretations that it rests on.
  public let interpretations: [String]

  /// A requirement.
  public init(
    id: String, key: String, clause: String, modality: Modality, provenance: Provenance, level: Level,
    reads: Depth, scope: Scope, aspects: Set<Aspect>, conditions: [Condition], values: [Value], title: Text,
    message: Text, fix: Text, rationale: Text, example: Example, interpretations: [String]
  ) {
    self.id = id
    self.key = key
    self.clause = clause
    self.modality = modality
    self.provenance = provenance
    self.level = level
    self.reads = reads
    self.scope = scope
    self.aspects = aspects
    self.conditions = conditions
    self.values = values
    self.title = title
    self.message = message
    self.fix = fix
    self.rationale = rationale
    self.example = example
    self.interpretations = interpretations
  }

  /// The requirement with what an overlay may change.
  public func changed(modality: Modality? = nil, title: Text? = nil, values: [Value]? = nil) -> Requirement {
    Requirement(
      id: id, key: key, clause: clause, modality: modality ?? self.modality, provenance: provenance,
      level: level, reads: reads, scope: scope, aspects: aspects, conditions: conditions,
      values: values ?? self.values, title: title ?? self.title, message: message, fix: fix,
      rationale: rationale, example: example, interpretations: interpretations)
  }

  /// The number of that name.
  ///
  /// - Throws: `MissingValue` where the catalogue has none; a test keeps that from happening.
  public func number(_ name: String) throws(MissingValue) -> Double {
    for value in values where value.name == name {
      if case .number(let number) = value.content { return number }
    }
    throw MissingValue(requirement: id, name: name)
  }

  /// The number of that name as a limit on a count.
  ///
  /// - Throws: `MissingValue` where the catalogue has none, or one that is no count.
  public func limit(_ name: String) throws(MissingValue) -> UInt64 {
    guard let limit = UInt64(exactly: try number(name)) else {
      throw MissingValue(requirement: id, name: name)
    }
    return limit
  }

  /// The enumeration of that name.
  ///
  /// - Throws: `MissingValue` where the catalogue has none.
  public func texts(_ name: String) throws(MissingValue) -> [String] {
    for value in values where value.name == name {
      if case .texts(let texts) = value.content { return texts }
    }
    throw MissingValue(requirement: id, name: name)
  }
}

extension Requirement: Hashable {
  public static func == (left: Requirement, right: Requirement) -> Bool {
    if left === right { return true }
    return (left.id, left.key, left.clause, left.modality, left.provenance, left.level)
      == (right.id, right.key, right.clause, right.modality, right.provenance, right.level)
      && (left.reads, left.scope, left.aspects, left.conditions, left.values)
        == (right.reads, right.scope, right.aspects, right.conditions, right.values)
      && (left.title, left.message, left.fix, left.rationale, left.example, left.interpretations)
        == (right.title, right.message, right.fix, right.rationale, right.example, right.interpretations)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
  }
}

/// A check asked for a value that its requirement does not have: a fault of the tool.
public struct MissingValue: Error, Sendable, Hashable {
  /// The requirement's id.
  public let requirement: String
  /// The value's name.
  public let name: String
}
