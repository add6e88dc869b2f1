public import Storage

/// The payload of a signature unit (profile clause 8.2, section 8.2).
///
/// Reading judges its syntax; whether key and signature are sound is judged with them at hand.
public struct SignaturePayload: Sendable, Hashable {
  /// How the key of the signer is given.
  public enum KeyForm: UInt16, Sendable, Hashable {
    /// A SubjectPublicKeyInfo.
    case bare = 1
    /// Certificates, the signer's own first.
    case certificates = 2
  }

  /// The algorithms that are known: Ed25519, ECDSA P-256, SM2 with SM3.
  public static let knownAlgorithms: ClosedRange<UInt16> = 1...3

  /// The algorithm.
  public var algorithm: UInt16
  /// How the key is given.
  public var keyForm: KeyForm
  /// A SubjectPublicKeyInfo, or certificates one after the other, in DER.
  public var key: [UInt8]
  /// The signature.
  public var signature: [UInt8]

  /// The payload of a signature.
  public init(algorithm: UInt16, keyForm: KeyForm, key: [UInt8], signature: [UInt8]) {
    self.algorithm = algorithm
    self.keyForm = keyForm
    self.key = key
    self.signature = signature
  }

  /// Where the bytes of the key lie, from the beginning of the payload.
  public static let keyPosition: UInt64 = 8
  /// Where the bytes of the signature lie, from the beginning of the payload.
  public var signaturePosition: UInt64 { SignaturePayload.keyPosition + UInt64(key.count) + 4 }

  /// Reads a payload.
  ///
  /// - Parameter place: where in the package it begins.
  /// - Throws: `PackageFault.signatureSyntax`, or `.signatureAlgorithmKnown` of kind `unsupported`.
  public init(parsing bytes: [UInt8], at place: Place) throws(Fault) {
    var reader = PayloadReader(bytes, at: place, syntax: .signatureSyntax)
    algorithm = try reader.integer()
    guard SignaturePayload.knownAlgorithms.contains(algorithm) else {
      throw Fault(
        PackageFault.signatureAlgorithmKnown, .unsupported, at: place, expected: "1, 2, 3",
        actual: "\(algorithm)")
    }
    let form: UInt16 = try reader.integer()
    guard let keyForm = KeyForm(rawValue: form) else {
      throw Fault(
        PackageFault.signatureSyntax, at: reader.place(at: 2), expected: "1, 2", actual: "\(form)")
    }
    self.keyForm = keyForm
    key = try reader.lengthAndBytes()
    signature = try reader.lengthAndBytes()
    try reader.finish()
  }

  /// The payload.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: algorithm)
    bytes.append(littleEndian: keyForm.rawValue)
    bytes.append(lengthAnd: key)
    bytes.append(lengthAnd: signature)
    return bytes
  }

  /// The text that signatures are over (profile clause 8.2, section 8.1).
  ///
  /// - Parameters:
  ///   - count: how many units the index speaks of.
  ///   - contentRoot: the root over their digests.
  public static func statement(count: UInt64, contentRoot: Digest) -> [UInt8] {
    Array("GB42382-PMP statement 1\nunits \(count)\nroot sha256:\(contentRoot.hex)\n".utf8)
  }
}
