import Profile
import Representation
import Storage

/// `file-digests-match`: the digest that the structure declares for a file of the table or an asset is that of its bytes.
struct FileDigestsMatch: Check {
  let key = "file-digests-match"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let declared = sample.fileDigests
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

  /// The digest of a file; nil where the sample is to blame that it cannot be opened, which other requirements speak of.
  private static func digest(of file: FileDigest.File, in tree: any FileTree) -> Result<Digest?, Fault> {
    do throws(Fault) {
      return .success(try Digest.of(try tree.open(file.name.value), file.algorithm))
    } catch {
      // A file that shrinks while it is read was there when it was opened: nobody else speaks of it.
      let isUnsaid = error.kind == .system || error.code == FileFault.stableWhileRead.rawValue
      return isUnsaid ? .failure(error) : .success(nil)
    }
  }
}
