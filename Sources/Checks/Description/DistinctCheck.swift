import Profile
import Representation
import Storage

/// The family of requirements that ask for the entries of a list to differ, byte by byte.
struct DistinctCheck: Check {
  let key: String
  /// The texts of a model that have to differ.
  let texts: @Sendable (Model) -> [PlacedText]

  init(_ key: String, texts: @escaping @Sendable (Model) -> [PlacedText]) {
    self.key = key
    self.texts = texts
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    var seen: Set<ExactString> = []
    for item in texts(sample.model) where !seen.insert(ExactString(item.text)).inserted {
      findings.add(at: sample.place(item.path), actual: item.text)
    }
  }
}
