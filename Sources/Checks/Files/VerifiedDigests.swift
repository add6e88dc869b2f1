import Formats
public import Profile
import Representation
public import Storage

/// A digest that the structure declares for a file of the table or an asset, in an algorithm that is known.
struct FileDigest {
  /// A file, to be digested in one way.
  struct File: Hashable {
    let name: ExactString
    let algorithm: Digest.Algorithm
  }

  let file: File
  let digest: Digest
  /// Where the structure declares it.
  let path: ModelPath
}

extension Sample {
  /// The digests that the model declares for files; those that are none are for other requirements.
  var fileDigests: [FileDigest] {
    let listed =
      model.files.enumerated().map { ($1.path, $1.digest, ModelPath.model.element("files", $0)) }
      + model.assets.enumerated().map { ($1.path, $1.digest, ModelPath.model.element("assets", $0)) }
    return listed.compactMap { name, declared, path in
      guard let digest = declared?.digest else { return nil }
      let file = FileDigest.File(name: ExactString(name), algorithm: digest.algorithm)
      return FileDigest(file: file, digest: digest, path: path.field("digest"))
    }
  }

  /// The SHA-256 digests of files that a judge computed and found to be as declared; none where one of them is not.
  public func verifiedDigests(by results: [RequirementResult]) -> [ExactString: Digest] {
    let check = FileDigestsMatch()
    guard results.contains(where: { $0.requirement.key == check.key && $0.verdict == .pass }) else {
      return [:]
    }
    return Dictionary(
      fileDigests.filter { $0.file.algorithm == .sha256 }.map { ($0.file.name, $0.digest) },
      uniquingKeysWith: { first, _ in first })
  }
}
