import Profile
import Representation
import Storage

/// The family of requirements that ask for a field to be there.
///
/// A text that is blank is not there: a converter that writes an empty licence states none. The model of a sample has none such.
struct PresenceCheck: Check {
  let key: String
  /// The path of the field that is asked for.
  let path: ModelPath
  /// Whether a model has the field.
  let isPresent: @Sendable (Model) -> Bool

  init(_ key: String, _ path: ModelPath, isPresent: @escaping @Sendable (Model) -> Bool) {
    self.key = key
    self.path = path
    self.isPresent = isPresent
  }

  /// For a field that is a text.
  init(_ key: String, _ path: ModelPath, text: @escaping @Sendable (Model) -> String?) {
    self.init(key, path) { text($0) != nil }
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    if !isPresent(sample.model) { findings.add(at: sample.place(path)) }
  }
}
