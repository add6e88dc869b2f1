import Formats
public import Profile
import Storage

/// A test vector: an input, why it exists, and exactly what is to be said of it (conformance/vectors.md).
public struct Vector: Sendable {
  /// What kind of behaviour a vector tests.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case valid, syntax, semantics, accuracy, hostile
  }

  /// The verdict that one requirement shall get.
  public struct Expectation: Sendable, Hashable {
    /// The requirement's id.
    public let requirement: String
    /// The verdict.
    public let verdict: Verdict
  }

  /// `<requirement id>/<name>`, as its directories are called.
  public let id: String
  /// The clause under which it stands.
  public let clause: String
  /// Initial condition, stimulus and expectation, in a line.
  public let purpose: Text
  /// What kind of behaviour it tests.
  public let kind: Kind
  /// The verdicts of the requirements that it tests, in the order of the file.
  public let requirements: [Expectation]
  /// The name of the valid model that it starts from.
  public let base: String
  /// What was changed of the base.
  let mutation: [Edit]
  /// Why such vectors exist, as names in `flags.yaml`.
  public let flags: [String]
  /// All that is to be found in the sample, and nothing else.
  public let findings: [ExpectedFinding]
  /// The format that is named to the reader, where it is not left to recognition.
  let format: Format?
  /// Whether the input lies beside the vector; else it is made when it is needed.
  public let isStored: Bool
  /// Whether what an independent implementation reads from the sample lies beside the vector.
  public let isDecoded: Bool
  /// Values of the catalogue in force for this vector.
  let overlay: Overlay?
  /// What it is judged with besides the catalogue.
  public let options: VectorOptions
  /// Public reports of the defect in the field.
  public let reports: [String]

  /// The id of the requirement under which it stands.
  public var folder: String { String(id.prefix { $0 != "/" }) }

  /// Whether it shows a requirement met: passing, and without a word.
  public func passes(_ requirement: String) -> Bool {
    requirements.contains { $0.requirement == requirement && $0.verdict == .pass }
      && !findings.contains { $0.requirement == requirement }
  }

  /// Whether it shows a requirement noticed: a finding on it is expected.
  public func fails(_ requirement: String) -> Bool {
    requirements.contains { $0.requirement == requirement }
      && findings.contains { $0.requirement == requirement }
  }
}

/// A finding that a vector expects.
public struct ExpectedFinding: Sendable, Hashable {
  /// The requirement's id.
  public let requirement: String
  /// What kind of finding it is.
  public let kind: Finding.Kind
  /// The file of the first place; empty for the sample itself.
  public internal(set) var file: String
  /// The path in the model of the first place.
  public let path: String?
  /// The byte of the first place, where the vector says.
  public let offset: UInt64?
  /// How often it was seen.
  public let count: UInt64
  /// What should have stood there, where the vector says.
  public let expected: String?
  /// What stood there, where the vector says.
  public let actual: String?

  /// Whether what was seen is the finding that is expected.
  func matches(_ seen: ExpectedFinding) -> Bool {
    seen.requirement == requirement && seen.kind == kind && seen.count == count
      && Self.same(seen.file, file) && Self.same(seen.path, path)
      && (offset == nil || seen.offset == offset)
      && (expected == nil || Self.same(seen.expected, expected))
      && (actual == nil || Self.same(seen.actual, actual))
  }

  /// Whether texts have the same bytes; Swift's own equality takes canonically equivalent ones for equal.
  private static func same(_ left: String?, _ right: String?) -> Bool {
    switch (left, right) {
    case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
    case (nil, nil): true
    default: false
    }
  }
}
