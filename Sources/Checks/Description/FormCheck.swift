import Profile
import Representation
import Storage

/// The family of requirements that ask for a text to have a form.
struct FormCheck: Check {
  let key: String
  /// The form, as reports name it in every language.
  let expected: String
  /// What a text without it is.
  let kind: Finding.Kind
  /// The texts of a model that have to have it.
  let texts: @Sendable (Model) -> [PlacedText]
  /// Whether a text has it.
  let accepts: @Sendable (String) -> Bool

  init(
    _ key: String, expected: String, _ kind: Finding.Kind = .violation,
    texts: @escaping @Sendable (Model) -> [PlacedText],
    accepts: @escaping @Sendable (String) -> Bool
  ) {
    self.key = key
    self.expected = expected
    self.kind = kind
    self.texts = texts
    self.accepts = accepts
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for item in texts(sample.model) where !accepts(item.text) {
      findings.add(kind, at: sample.place(item.path), expected: expected, actual: item.text)
    }
  }
}
