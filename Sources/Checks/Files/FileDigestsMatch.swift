import Profile
import Representation
import Storage

/// `file-digests-match`: the digest that the structure declares for a file of the table or an asset is that of its bytes.
struct FileDigestsMatch: Check {
  let key = "file-digests-match"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let declared = Self.declared(sample.model)
    let tree = sample.tree
    // A file is read once, however often the structure lists it; several files are read at once.
    let files = Array(Set(declared.map(\.file)))
    let computed = ConcurrentMap.results(count: files.count) { Self.digest(of: files[$0], in: tree) }
    let digests = Dictionary(zip(files, computed), uniquingKeysWith: { first, _ in first })
    for entry in declared {
      guard let actual = try digests[entry.file]?.get(), actual != entry.digest else { continue }
      findings.add(
        at: Place(entry.file.name.value, path: entry.path.description), expected: entry.digest.description,
        actual: actual.description)
    }
  }

  /// A file, to be digested in one way.
  private struct File: Hashable {
    let name: ExactString
    let algorithm: Digest.Algorithm
  }

  private static func declared(_ model: Model) -> [(file: File, digest: Digest, path: ModelPath)] {
    let listed =
      model.files.enumerated().map { ($1.path, $1.digest, ModelPath.model.element("files", $0)) }
      + model.assets.enumerated().map { ($1.path, $1.digest, ModelPath.model.element("assets", $0)) }
    return listed.compactMap { name, declared, path in
      guard let digest = declared?.digest else { return nil }
      return (File(name: ExactString(name), algorithm: digest.algorithm), digest, path.field("digest"))
    }
  }

  /// The digest of a file; nil where the sample is to blame that it cannot be opened, which other requirements speak of.
  private static func digest(of file: File, in tree: any FileTree) -> Result<Digest?, Fault> {
    do throws(Fault) {
      return .success(try Digest.of(try tree.open(file.name.value), file.algorithm))
    } catch {
      // A file that shrinks while it is read was there when it was opened: nobody else speaks of it.
      let isUnsaid = error.kind == .system || error.code == FileFault.stableWhileRead.rawValue
      return isUnsaid ? .failure(error) : .success(nil)
    }
  }
}
