import CLibCrypto

/// One signing or verifying by libcrypto, in one go over a whole message.
struct SignatureContext: ~Copyable {
  enum Purpose {
    case signing, verifying
  }

  private let context: Owned

  /// A context for one message.
  ///
  /// - Throws: `refused` where libcrypto lacks the algorithm, or the key is not of its kind.
  init(_ key: KeyHandle, _ algorithm: SignatureAlgorithm, _ purpose: Purpose) throws(ProtectionError) {
    let context = try Owned(EVP_MD_CTX_new(), "EVP_MD_CTX_new") { EVP_MD_CTX_free($0) }
    let method: OpaquePointer? =
      switch algorithm {
      case .ed25519: nil
      case .ecdsaP256: EVP_sha256()
      case .sm2: EVP_sm3()
      }
    // The context of the key belongs to that of the digest.
    var keyContext: OpaquePointer?
    let isReady =
      switch purpose {
      case .signing: EVP_DigestSignInit(context.pointer, &keyContext, method, nil, key.pointer)
      case .verifying: EVP_DigestVerifyInit(context.pointer, &keyContext, method, nil, key.pointer)
      }
    guard isReady == 1 else { throw .library(algorithm.name) }
    if algorithm == .sm2 {
      let identity = SignatureAlgorithm.sm2Identity
      guard EVP_PKEY_CTX_set1_id(keyContext, identity, CInt(identity.count)) == 1 else {
        throw .library(algorithm.name)
      }
    }
    self.context = context
  }

  /// The signature over a message, as libcrypto writes it.
  consuming func signature(over message: [UInt8]) throws(ProtectionError) -> [UInt8] {
    var count = 0
    guard EVP_DigestSign(context.pointer, nil, &count, message, message.count) == 1 else {
      throw .library("EVP_DigestSign")
    }
    var signature = [UInt8](repeating: 0, count: count)
    guard EVP_DigestSign(context.pointer, &signature, &count, message, message.count) == 1 else {
      throw .library("EVP_DigestSign")
    }
    return Array(signature.prefix(count))
  }

  /// Whether the signature is one over the message.
  consuming func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    let result = EVP_DigestVerify(context.pointer, signature, signature.count, message, message.count)
    ERR_clear_error()
    return result == 1
  }
}
