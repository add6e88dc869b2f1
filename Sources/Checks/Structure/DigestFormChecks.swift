import Profile
import Representation
import Storage

/// A digest is of an algorithm that everybody can compute.
struct DigestAlgorithmKnown: Check {
  let key = "digest-algorithm-known"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let known = try requirement.texts("algorithms")
    sample.forEachDeclaredDigest { digest, place in
      if !known.contains(digest.algorithm) {
        findings.add(at: place(), expected: known.joined(separator: ", "), actual: digest.algorithm)
      }
    }
  }
}

/// A digest is written in hexadecimal, as long as its algorithm makes it.
struct DigestWellFormed: Check {
  let key = "digest-well-formed"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.forEachDeclaredDigest { digest, place in
      // Of an algorithm that is not known nothing else can be said.
      guard let digits = digest.digits, digest.digest == nil else { return }
      findings.add(at: place(), expected: "\(digest.algorithm), \(digits) × 0-9a-f", actual: digest.value)
    }
  }
}

extension DeclaredDigest {
  /// The number of hexadecimal digits of a digest of the algorithm; nil where the algorithm is not known.
  fileprivate var digits: Int? { Digest.Algorithm(rawValue: algorithm).map { $0.byteCount * 2 } }
}

extension Sample {
  /// Calls `body` with each digest that a tensor or a file of the file table declares, and what gives its place.
  fileprivate func forEachDeclaredDigest(_ body: (DeclaredDigest, () -> Place) -> Void) {
    for (index, file) in model.files.enumerated() {
      guard let digest = file.digest else { continue }
      body(digest) {
        Place(file.path, path: ModelPath.model.element("files", index).field("digest").description)
      }
    }
    for index in structure.tensorsWithDigests {
      guard let digest = structure.tensor(index)?.digest else { continue }
      body(digest) { place(ofTensor: index) }
    }
  }
}
