/// How a package is signed (profile clause 8.2, section 8); the raw value is the number in the signature unit.
public enum SignatureAlgorithm: UInt16, Sendable, Hashable, CaseIterable {
  /// Ed25519 (RFC 8032).
  case ed25519 = 1
  /// ECDSA on P-256 with SHA-256 (FIPS 186-5).
  case ecdsaP256 = 2
  /// SM2 with SM3 and the user id `1234567812345678` (GB/T 32918.2—2016, GB/T 35276—2017).
  case sm2 = 3

  /// The name in trust policies and reports.
  public var name: String {
    switch self {
    case .ed25519: "ed25519"
    case .ecdsaP256: "ecdsa-p256"
    case .sm2: "sm2-sm3"
    }
  }

  /// The algorithm of that name.
  public init?(name: String) {
    guard let algorithm = SignatureAlgorithm.allCases.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
    else { return nil }
    self = algorithm
  }

  /// What a SubjectPublicKeyInfo of the algorithm begins with.
  private var keyPrefix: [UInt8] {
    let curve: [UInt8]
    switch self {
    case .ed25519: return [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    case .ecdsaP256: curve = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
    case .sm2: curve = [0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D]
    }
    return [0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08]
      + curve + [0x03, 0x42, 0x00, 0x04]
  }

  /// How many bytes of the key itself follow the prefix.
  private var keyBytes: Int { self == .ed25519 ? 32 : 64 }

  /// The algorithm that a SubjectPublicKeyInfo, byte by byte one of the three of section 8.2, belongs to.
  init?(subjectPublicKeyInfo: [UInt8]) {
    let fitting = SignatureAlgorithm.allCases.first { algorithm in
      let prefix = algorithm.keyPrefix
      return subjectPublicKeyInfo.count == prefix.count + algorithm.keyBytes
        && subjectPublicKeyInfo.starts(with: prefix)
    }
    guard let fitting else { return nil }
    self = fitting
  }

  /// The order of the group whose numbers a signature is made of, most significant byte first; nil where it is made of bytes.
  var order: [UInt8]? {
    switch self {
    case .ed25519: nil
    case .ecdsaP256:
      [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
      ]
    case .sm2:
      [
        0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0x72, 0x03, 0xDF, 0x6B, 0x21, 0xC6, 0x05, 0x2B, 0x53, 0xBB, 0xF4, 0x09, 0x39, 0xD5, 0x41, 0x23,
      ]
    }
  }

  /// The user id that goes into the digest of an SM2 signature.
  static let sm2Identity = Array("1234567812345678".utf8)
}
