import CLibCrypto

/// How a content key is wrapped (profile clause 8.2, section 10.1); the raw value is the number in the start unit.
public enum WrappingScheme: UInt16, Sendable, Hashable, CaseIterable {
  /// CMS AuthEnvelopedData (RFC 5083) for RSA and P-256.
  case cms = 1
  /// SM2 public-key encryption (GB/T 32918.4—2016).
  case sm2 = 2
}

/// Somebody for whom a content key is wrapped.
public struct Recipient: Sendable {
  /// How it is wrapped.
  public let scheme: WrappingScheme
  /// The SHA-256 of the SubjectPublicKeyInfo: 32 bytes.
  public let keyIdentifier: [UInt8]
  private let key: KeyHandle
  /// In DER; CMS names a recipient by issuer and serial number.
  private let certificate: [UInt8]?

  /// The first certificate or public key of a PEM file.
  ///
  /// - Throws: `absent`, `damaged`, `unsuitable` for a key of another kind, and `certificateNeeded` for a bare RSA or P-256 key.
  public init(pem: [UInt8]) throws(ProtectionError) {
    let labels = [PEMBlock.certificate, PEMBlock.publicKey]
    guard let block = try PEMBlock.blocks(in: pem).first(where: { labels.contains($0.label) }) else {
      throw .absent(labels: labels)
    }
    certificate = block.label == PEMBlock.certificate ? block.content : nil
    let info =
      if let certificate { try Certificate(certificate, item: block.label).subjectPublicKeyInfo() } else {
        block.content
      }
    guard let key = KeyHandle(publicKey: info) else { throw .damaged(item: block.label) }
    self.key = key
    scheme = try key.wrappingScheme(subjectPublicKeyInfo: info)
    keyIdentifier = try Packaging.keyIdentifier(of: info)
    if scheme == .cms, certificate == nil { throw .certificateNeeded(found: key.kind) }
  }

  /// The content key, wrapped.
  ///
  /// - Throws: `refused` where libcrypto does.
  public func wrap(_ contentKey: ContentKey) throws(ProtectionError) -> [UInt8] {
    guard let certificate else { return try key.sm2Wrapped(contentKey) }
    return scheme == .sm2 ? try key.sm2Wrapped(contentKey) : try wrapCMS(contentKey, for: certificate)
  }

  private func wrapCMS(_ contentKey: ContentKey, for certificate: [UInt8]) throws(ProtectionError) -> [UInt8]
  {
    let certificate = try Certificate(certificate, item: PEMBlock.certificate)
    let flags = UInt32(CMS_BINARY | CMS_PARTIAL)
    let envelope = try Owned(CMS_encrypt(nil, nil, EVP_aes_256_gcm(), flags), "CMS_encrypt") {
      CMS_ContentInfo_free($0)
    }
    // The parameters of the key wrapping are ours to set.
    let added = CMS_add1_recipient_cert(envelope.pointer, certificate.pointer, UInt32(CMS_KEY_PARAM))
    guard let added, let context = CMS_RecipientInfo_get0_pkey_ctx(added) else {
      throw .library("CMS_add1_recipient_cert")
    }
    let areSet =
      key.isRSA(minimumBits: 0)
      ? EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0
        && EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0
        && EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0
      : EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) > 0
    guard areSet else { throw .library("CMS_RecipientInfo_get0_pkey_ctx") }
    let content = try Owned.memory(holding: contentKey.secret)
    guard CMS_final(envelope.pointer, content.pointer, nil, UInt32(CMS_BINARY)) == 1 else {
      throw .library("CMS_final")
    }
    return try encoded("i2d_CMS_ContentInfo") { i2d_CMS_ContentInfo(envelope.pointer, $0) }
  }
}

extension KeyHandle {
  /// How a content key is wrapped for the owner of this key.
  ///
  /// - Throws: `unsuitable` for keys that none is wrapped for.
  func wrappingScheme(subjectPublicKeyInfo: [UInt8]) throws(ProtectionError) -> WrappingScheme {
    switch SignatureAlgorithm(subjectPublicKeyInfo: subjectPublicKeyInfo) {
    case .ecdsaP256: return .cms
    case .sm2: return .sm2
    case .ed25519, nil:
      guard isRSA(minimumBits: 2048) else { throw .unsuitable(found: kind, needed: "RSA ≥ 2048, P-256, SM2") }
      return .cms
    }
  }

  /// A content key encrypted by this SM2 key.
  fileprivate func sm2Wrapped(_ contentKey: ContentKey) throws(ProtectionError) -> [UInt8] {
    let context = try Owned(EVP_PKEY_CTX_new(pointer, nil), "EVP_PKEY_CTX_new") { EVP_PKEY_CTX_free($0) }
    var count = 0
    let secret = contentKey.secret
    let isReady = secret.withBytes {
      EVP_PKEY_encrypt_init(context.pointer) == 1
        && EVP_PKEY_encrypt(context.pointer, nil, &count, $0.baseAddress, $0.count) == 1
    }
    guard isReady else { throw .library("SM2") }
    var wrapped = [UInt8](repeating: 0, count: count)
    guard
      secret.withBytes({ EVP_PKEY_encrypt(context.pointer, &wrapped, &count, $0.baseAddress, $0.count) }) == 1
    else { throw .library("SM2") }
    return Array(wrapped.prefix(count))
  }
}
