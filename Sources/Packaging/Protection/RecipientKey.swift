import CLibCrypto

/// The private key of somebody for whom packages are encrypted (profile clause 8.2, section 10.1).
public struct RecipientKey: Sendable {
  /// The SHA-256 of the SubjectPublicKeyInfo, by which the entry of the start unit is found: 32 bytes.
  public let keyIdentifier: [UInt8]
  private let key: KeyHandle

  /// The first private key of a PEM file, PKCS #8; nobody is prompted for a passphrase.
  ///
  /// - Parameter passphrase: of an encrypted key.
  /// - Throws: `absent`, `damaged`, `passphraseNeeded`, `passphraseWrong`, or `unsuitable` for a key that nothing is wrapped for.
  public init(pem: [UInt8], passphrase: [UInt8]? = nil) throws(ProtectionError) {
    key = try KeyHandle(privatePEM: pem, passphrase: passphrase)
    let info = try key.subjectPublicKeyInfo()
    _ = try key.wrappingScheme(subjectPublicKeyInfo: info)
    keyIdentifier = try Packaging.keyIdentifier(of: info)
  }

  /// The content key that was wrapped; nil where it does not unwrap to 32 bytes (P8.2-088), or is wrapped in a way that is not sound
  /// (P8.2-094), which is never tried.
  ///
  /// - Throws: `refused` where libcrypto has no memory.
  public func unwrap(_ wrapped: [UInt8], scheme: WrappingScheme) throws(ProtectionError) -> ContentKey? {
    guard RecipientKey.isSound(wrapped, scheme: scheme) else { return nil }
    defer { ERR_clear_error() }
    return switch scheme {
    case .cms: try unwrapCMS(wrapped)
    case .sm2: try unwrapSM2(wrapped)
    }
  }

  /// Whether a wrapped key has the construction of section 10.1 (P8.2-094), for which no key is needed.
  public static func isSound(_ wrapped: [UInt8], scheme: WrappingScheme) -> Bool {
    switch scheme {
    case .cms: WrappedKeySyntax.isSoundEnvelope(wrapped)
    case .sm2: WrappedKeySyntax.isSM2CipherText(wrapped)
    }
  }

  private func unwrapCMS(_ wrapped: [UInt8]) throws(ProtectionError) -> ContentKey? {
    let parsed = wrapped.withUnsafeBufferPointer { bytes in
      var position = bytes.baseAddress
      return d2i_CMS_ContentInfo(nil, &position, bytes.count)
    }
    guard let parsed else { return nil }
    let envelope = try Owned(parsed, "d2i_CMS_ContentInfo") { CMS_ContentInfo_free($0) }
    let content = try Owned.memory()
    guard CMS_decrypt(envelope.pointer, key.pointer, nil, nil, content.pointer, 0) == 1 else { return nil }
    return content.withContent { ContentKey(bytes: $0) }
  }

  private func unwrapSM2(_ wrapped: [UInt8]) throws(ProtectionError) -> ContentKey? {
    let context = try Owned(EVP_PKEY_CTX_new(key.pointer, nil), "EVP_PKEY_CTX_new") { EVP_PKEY_CTX_free($0) }
    var count = 0
    guard EVP_PKEY_decrypt_init(context.pointer) == 1,
      EVP_PKEY_decrypt(context.pointer, nil, &count, wrapped, wrapped.count) == 1
    else { return nil }
    var content = [UInt8](repeating: 0, count: count)
    defer { OPENSSL_cleanse(&content, content.count) }
    guard EVP_PKEY_decrypt(context.pointer, &content, &count, wrapped, wrapped.count) == 1,
      count == ContentKey.byteCount
    else { return nil }
    return ContentKey(bytes: Array(content.prefix(count)))
  }
}
