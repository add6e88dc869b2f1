import CLibCrypto
import Storage

/// A key that signatures of packages are verified by (profile clause 8.2, section 8.2).
public struct PublicKey: Sendable, Hashable {
  /// The algorithm, which the key tells.
  public let algorithm: SignatureAlgorithm
  /// The key as SubjectPublicKeyInfo in DER.
  public let subjectPublicKeyInfo: [UInt8]
  /// The SHA-256 of the SubjectPublicKeyInfo: 32 bytes.
  public let identifier: [UInt8]

  /// A key in DER.
  ///
  /// - Throws: `unsuitable` unless it is, byte by byte, one of the three kinds of section 8.2 (P8.2-062).
  public init(subjectPublicKeyInfo: [UInt8]) throws(ProtectionError) {
    guard let algorithm = SignatureAlgorithm(subjectPublicKeyInfo: subjectPublicKeyInfo) else {
      throw .unsuitable(
        found: KeyHandle.kind(ofPublic: subjectPublicKeyInfo)
          ?? Hexadecimal.text(of: Array(subjectPublicKeyInfo.prefix(26))),
        needed: PublicKey.kinds)
    }
    self.algorithm = algorithm
    self.subjectPublicKeyInfo = subjectPublicKeyInfo
    identifier = try keyIdentifier(of: subjectPublicKeyInfo)
  }

  /// The first public key or certificate of a PEM file.
  ///
  /// - Throws: `absent`, `damaged`, or `unsuitable` for a key of another kind.
  public init(pem: [UInt8]) throws(ProtectionError) {
    let labels = [PEMBlock.publicKey, PEMBlock.certificate]
    guard let block = try PEMBlock.blocks(in: pem).first(where: { labels.contains($0.label) }) else {
      throw .absent(labels: labels)
    }
    let key =
      block.label == PEMBlock.certificate
      ? try Certificate(block.content, item: block.label).subjectPublicKeyInfo() : block.content
    try self.init(subjectPublicKeyInfo: key)
    // Of a key that a package brings the signature fails to verify; one that a user gives is told to be no point of its curve.
    guard KeyHandle(publicKey: key) != nil else { throw .damaged(item: block.label) }
  }

  /// What is asked for where a key of another kind is found.
  static let kinds = "Ed25519, P-256, SM2"

  /// Whether a signature is in its one encoding (P8.2-064): 64 bytes for Ed25519, else two numbers from 1 to n − 1 in strict DER,
  /// the second one of ECDSA at most (n − 1) / 2.
  public static func isStrictSignature(_ signature: [UInt8], _ algorithm: SignatureAlgorithm) -> Bool {
    guard let order = algorithm.order else { return signature.count == 64 }
    guard let pair = SignaturePair(signature, order: order) else { return false }
    return algorithm != .ecdsaP256 || pair.isLow(order: order)
  }

  /// Whether a signature is in its one encoding and this key's over a message.
  ///
  /// - Throws: `refused` where libcrypto lacks the algorithm or memory.
  public func verifies(_ signature: [UInt8], over message: [UInt8]) throws(ProtectionError) -> Bool {
    guard PublicKey.isStrictSignature(signature, algorithm),
      let key = KeyHandle(publicKey: subjectPublicKeyInfo)
    else { return false }
    let context = try SignatureContext(key, algorithm, .verifying)
    return context.verifies(signature, over: message)
  }

  /// Whether a detached signature, as a library writes it, is this key's over a message: of the two that ECDSA has either is taken,
  /// since nothing is encoded by it.
  ///
  /// - Throws: as `verifies`.
  public func verifies(detached signature: [UInt8], over message: [UInt8]) throws(ProtectionError) -> Bool {
    try verifies(PublicKey.canonical(signature, algorithm) ?? signature, over: message)
  }

  /// The one encoding of a signature that libcrypto made; nil where it is none in strict DER.
  static func canonical(_ signature: [UInt8], _ algorithm: SignatureAlgorithm) -> [UInt8]? {
    guard algorithm == .ecdsaP256, let order = algorithm.order else { return signature }
    return SignaturePair(signature, order: order)?.low(order: order).encoding
  }
}

/// The SHA-256 of a SubjectPublicKeyInfo, by which packages speak of keys.
func keyIdentifier(of subjectPublicKeyInfo: [UInt8]) throws(ProtectionError) -> [UInt8] {
  do throws(Fault) {
    return try Digest.of(subjectPublicKeyInfo, .sha256).bytes
  } catch {
    throw .refused(operation: "SHA-256", reason: error.occurrence.actual ?? "")
  }
}
