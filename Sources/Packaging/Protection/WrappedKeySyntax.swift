/// The two forms of a wrapped key (profile clause 8.2, section 10.1), in strict DER and by sound constructions only.
///
/// libcrypto would open whatever CMS allows, PKCS #1 v1.5 and content without authentication too; what it is given is looked at here first.
enum WrappedKeySyntax {
  /// Whether bytes are `SEQUENCE { INTEGER x, INTEGER y, OCTET STRING hash, OCTET STRING cipher text }` of SM2 with SM3.
  static func isSM2CipherText(_ bytes: [UInt8]) -> Bool {
    var outer = DERReader(bytes)
    guard var fields = outer.enter(DERReader.Tag.sequence), outer.isAtEnd, let x = fields.natural(),
      let y = fields.natural(), let hash = fields.take(DERReader.Tag.octetString),
      let cipherText = fields.take(DERReader.Tag.octetString), fields.isAtEnd
    else { return false }
    return x.count <= 32 && y.count <= 32 && hash.count == 32 && !cipherText.isEmpty
  }

  /// Whether bytes are AuthEnvelopedData (RFC 5083) with AES-256-GCM, its key wrapped for every recipient by RSAES-OAEP with SHA-256
  /// or by ephemeral-static ECDH with the SHA-256 KDF and AES-256 key wrap.
  static func isSoundEnvelope(_ bytes: [UInt8]) -> Bool {
    var outer = DERReader(bytes)
    guard var info = outer.enter(DERReader.Tag.sequence), outer.isAtEnd,
      info.take(identifier: .authEnvelopedData), var wrapper = info.enter(DERReader.Tag.constructed(0)),
      info.isAtEnd, var data = wrapper.enter(DERReader.Tag.sequence), wrapper.isAtEnd, data.natural() != nil
    else { return false }
    // What the originator encloses, certificates for instance.
    _ = data.take(DERReader.Tag.constructed(0))
    guard var recipients = data.enter(DERReader.Tag.set), !recipients.isAtEnd else { return false }
    while !recipients.isAtEnd {
      guard let recipient = recipients.next(), isSound(recipient: recipient) else { return false }
    }
    guard let content = data.enter(DERReader.Tag.sequence), isSound(content: content) else { return false }
    _ = data.take(DERReader.Tag.constructed(1))
    guard let tag = data.take(DERReader.Tag.octetString), tag.count == tagBytes else { return false }
    _ = data.take(DERReader.Tag.constructed(2))
    return data.isAtEnd
  }

  private static let nonceBytes = 12
  private static let tagBytes = 16
  /// RSA of 2,048 bits.
  private static let leastModulusBytes = 256

  /// EncryptedContentInfo (RFC 5652) with the parameters of RFC 5084.
  private static func isSound(content: DERReader) -> Bool {
    var content = content
    guard content.take(DERReader.Tag.objectIdentifier) != nil,
      var algorithm = content.enter(DERReader.Tag.sequence), algorithm.take(identifier: .aes256GCM),
      var parameters = algorithm.enter(DERReader.Tag.sequence), algorithm.isAtEnd,
      parameters.take(DERReader.Tag.octetString)?.count == nonceBytes,
      // A tag of 12 bytes is meant where no number stands.
      parameters.natural().map(Array.init) == [UInt8(tagBytes)], parameters.isAtEnd,
      content.take(DERReader.Tag.primitive(0)) != nil
    else { return false }
    return content.isAtEnd
  }

  private static func isSound(recipient: DERReader.Element) -> Bool {
    var fields = DERReader(recipient.content)
    guard fields.natural() != nil else { return false }
    switch recipient.tag {
    case DERReader.Tag.sequence:
      // KeyTransRecipientInfo: who, how, the key.
      guard fields.next() != nil, let algorithm = fields.enter(DERReader.Tag.sequence),
        // As long as the modulus of the recipient's key.
        let key = fields.take(DERReader.Tag.octetString), key.count >= leastModulusBytes
      else { return false }
      return fields.isAtEnd && isOAEP(algorithm)
    case DERReader.Tag.constructed(1):
      // KeyAgreeRecipientInfo: the ephemeral key, something more for the KDF, how, the keys.
      guard fields.take(DERReader.Tag.constructed(0)) != nil else { return false }
      _ = fields.take(DERReader.Tag.constructed(1))
      guard var algorithm = fields.enter(DERReader.Tag.sequence), fields.take(DERReader.Tag.sequence) != nil,
        algorithm.take(identifier: .dhSHA256KDF), var wrapping = algorithm.enter(DERReader.Tag.sequence)
      else { return false }
      return fields.isAtEnd && algorithm.isAtEnd && wrapping.take(identifier: .aes256Wrap)
        && wrapping.hasNoParameters
    default: return false
    }
  }

  /// RSAES-OAEP-params (RFC 8017): SHA-256, MGF1 with SHA-256, no label.
  private static func isOAEP(_ algorithm: DERReader) -> Bool {
    var algorithm = algorithm
    guard algorithm.take(identifier: .rsaesOAEP), var parameters = algorithm.enter(DERReader.Tag.sequence),
      algorithm.isAtEnd, var hash = parameters.enter(DERReader.Tag.constructed(0)), hash.takeSHA256(),
      hash.isAtEnd, var wrapper = parameters.enter(DERReader.Tag.constructed(1)), parameters.isAtEnd,
      var mask = wrapper.enter(DERReader.Tag.sequence), wrapper.isAtEnd, mask.take(identifier: .mgf1),
      mask.takeSHA256()
    else { return false }
    return mask.isAtEnd
  }
}

/// The content of the object identifiers that are looked for.
private enum ObjectIdentifier {
  /// 1.2.840.113549.1.9.16.1.23
  case authEnvelopedData
  /// 2.16.840.1.101.3.4.1.46
  case aes256GCM
  /// 2.16.840.1.101.3.4.1.45
  case aes256Wrap
  /// 2.16.840.1.101.3.4.2.1
  case sha256
  /// 1.2.840.113549.1.1.7
  case rsaesOAEP
  /// 1.2.840.113549.1.1.8
  case mgf1
  /// 1.3.132.1.11.1
  case dhSHA256KDF

  var content: [UInt8] {
    switch self {
    case .authEnvelopedData: [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17]
    case .aes256GCM: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2E]
    case .aes256Wrap: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2D]
    case .sha256: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
    case .rsaesOAEP: [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x07]
    case .mgf1: [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08]
    case .dhSHA256KDF: [0x2B, 0x81, 0x04, 0x01, 0x0B, 0x01]
    }
  }
}

extension DERReader {
  /// Whether the next value is that object identifier; else nothing is taken.
  fileprivate mutating func take(identifier: ObjectIdentifier) -> Bool {
    var probe = self
    guard let content = probe.take(Tag.objectIdentifier), content.elementsEqual(identifier.content) else {
      return false
    }
    self = probe
    return true
  }

  /// Takes the AlgorithmIdentifier of SHA-256.
  fileprivate mutating func takeSHA256() -> Bool {
    guard var algorithm = enter(Tag.sequence) else { return false }
    return algorithm.take(identifier: .sha256) && algorithm.hasNoParameters
  }

  /// Whether nothing or NULL follows, which algorithms without parameters are both written with.
  fileprivate var hasNoParameters: Bool {
    var probe = self
    if let null = probe.take(Tag.null), !null.isEmpty { return false }
    return probe.isAtEnd
  }
}
