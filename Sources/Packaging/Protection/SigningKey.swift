/// A private key that signs packages (profile clause 8.2, section 8).
public struct SigningKey: Sendable {
  private let handle: KeyHandle
  /// The public part.
  public let publicKey: PublicKey

  /// The first private key of a PEM file, PKCS #8; nobody is prompted for a passphrase.
  ///
  /// - Parameter passphrase: of an encrypted key.
  /// - Throws: `absent`, `damaged`, `passphraseNeeded`, `passphraseWrong`, or `unsuitable` for a key of another kind.
  public init(pem: [UInt8], passphrase: [UInt8]? = nil) throws(ProtectionError) {
    handle = try KeyHandle(privatePEM: pem, passphrase: passphrase)
    publicKey = try PublicKey(subjectPublicKeyInfo: try handle.subjectPublicKeyInfo())
  }

  /// The signature over a message in its one encoding; of the two that ECDSA has, the one with the smaller s.
  ///
  /// - Throws: `refused` where libcrypto does.
  public func signature(over message: [UInt8]) throws(ProtectionError) -> [UInt8] {
    let context = try SignatureContext(handle, publicKey.algorithm, .signing)
    let signature = try context.signature(over: message)
    guard let canonical = PublicKey.canonical(signature, publicKey.algorithm) else {
      throw .refused(operation: "EVP_DigestSign", reason: "DER")
    }
    return canonical
  }
}
