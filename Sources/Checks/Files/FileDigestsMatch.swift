import Profile
import Representation
import Storage

/// `file-digests-match`: the digest that the structure declares for a file of the table or an asset is that of its bytes.
struct FileDigestsMatch: Check {
  let key = "file-digests-match"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let model = sample.model
    var digests = FileDigests(tree: sample.tree)
    for (index, file) in model.files.enumerated() {
      let path = ModelPath.model.element("files", index).field("digest")
      try compare(file.digest, file.path, path, &digests, &findings)
    }
    for (index, asset) in model.assets.enumerated() {
      let path = ModelPath.model.element("assets", index).field("digest")
      try compare(asset.digest, asset.path, path, &digests, &findings)
    }
  }

  private func compare(
    _ declared: DeclaredDigest?, _ name: String, _ path: ModelPath, _ digests: inout FileDigests,
    _ findings: inout Findings
  ) throws(Fault) {
    guard let declared = declared?.digest,
      let actual = try digests.digest(of: name, declared.algorithm), actual != declared
    else { return }
    findings.add(
      at: Place(name, path: path.description), expected: declared.description, actual: actual.description)
  }
}

/// The digests of files, each computed once, however often a structure lists the file.
private struct FileDigests {
  private struct Key: Hashable {
    let name: ExactString
    let algorithm: Digest.Algorithm
  }

  let tree: any FileTree
  private var known: [Key: Digest?] = [:]

  init(tree: any FileTree) {
    self.tree = tree
  }

  /// The digest of a file; nil where it cannot be opened.
  mutating func digest(of name: String, _ algorithm: Digest.Algorithm) throws(Fault) -> Digest? {
    let key = Key(name: ExactString(name), algorithm: algorithm)
    if let digest = known[key] { return digest }
    var file = OpenFile(tree)
    var digest: Digest?
    if let source = try file.source(name) { digest = try Digest.of(source, algorithm) }
    known.updateValue(digest, forKey: key)
    return digest
  }
}
