import Profile
import Representation
import Storage

/// The family of requirements that ask for a text to be one of those that the profile lists.
struct EnumerationCheck: Check {
  let key: String
  /// The name of the requirement's value that holds the list.
  let list: String
  /// The texts of a model that have to be on it.
  let texts: @Sendable (Model) -> [PlacedText]

  init(_ key: String, list: String, texts: @escaping @Sendable (Model) -> [PlacedText]) {
    self.key = key
    self.list = list
    self.texts = texts
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let allowed = try requirement.texts(list)
    let exact = Set(allowed.map(ExactString.init))
    for item in texts(sample.model) where !exact.contains(ExactString(item.text)) {
      findings.add(
        at: sample.place(item.path), expected: allowed.joined(separator: " | "), actual: item.text)
    }
  }
}
