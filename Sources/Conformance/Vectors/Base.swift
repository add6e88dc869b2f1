import Configuration
import Formats

/// A valid model that vectors start from (`vectors/bases.yaml`).
struct Base: Sendable {
  let name: String
  /// Its directory, relative to the corpus.
  let directory: String
  /// The file of it that is the sample; empty where that is the directory.
  let sample: String
  /// The metadata that goes with it, relative to the corpus.
  let metadata: String?
  /// What is found in it, where it is not quite free of findings.
  let findings: [ExpectedFinding]

  /// The bases of a corpus by name.
  static func read(_ text: String, _ faults: YAMLFaults) -> [String: Base] {
    guard let node = YAMLNode(document: text, faults), let fields = node.fields(required: ["bases"]),
      let entries = fields["bases"]?.entries()
    else { return [:] }
    var bases: [String: Base] = [:]
    for (name, entry) in entries {
      guard
        let fields = entry.fields(
          required: ["directory", "sample"], optional: ["metadata", "format", "findings"]),
        let directory = fields["directory"]?.text(), let sample = fields["sample"]?.anyText()
      else { continue }
      bases[name] = Base(
        name: name, directory: directory, sample: sample, metadata: fields["metadata"]?.text(),
        findings: fields["findings"]?.items()?.compactMap(VectorFile.finding) ?? [])
    }
    return bases
  }
}
