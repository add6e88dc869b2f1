import CLibCrypto

/// A key of libcrypto's. Nothing changes it once it is made, so that threads may share it; private parts are wiped when it is released.
final class KeyHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  private init(owning pointer: OpaquePointer) {
    self.pointer = pointer
  }

  deinit { EVP_PKEY_free(pointer) }

  /// A public key in DER; nil where it is damaged, no point of its curve for example.
  init?(publicKey bytes: [UInt8]) {
    let pointer = bytes.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      var position = bytes.baseAddress
      guard let key = d2i_PUBKEY(nil, &position, bytes.count) else { return nil }
      guard position == bytes.baseAddress.map({ $0 + bytes.count }) else {
        EVP_PKEY_free(key)
        return nil
      }
      return key
    }
    ERR_clear_error()
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  /// The first private key of a PEM file: PKCS #8, encrypted or not, or one of the older forms.
  ///
  /// Nobody is ever prompted for a passphrase.
  /// - Throws: `absent` or `damaged`, `passphraseNeeded`, `passphraseWrong`.
  convenience init(privatePEM text: [UInt8], passphrase: [UInt8]?) throws(ProtectionError) {
    var request = PassphraseRequest(passphrase: passphrase)
    let source = try Owned.memory(holding: text)
    let pointer = withUnsafeMutablePointer(to: &request) {
      PEM_read_bio_PrivateKey(source.pointer, nil, answerPassphrase, UnsafeMutableRawPointer($0))
    }
    ERR_clear_error()
    guard let pointer else {
      guard !request.wasMade else { throw passphrase == nil ? .passphraseNeeded : .passphraseWrong }
      let isThere = try PEMBlock.blocks(in: text).contains { $0.label.hasSuffix(KeyHandle.privateKey) }
      throw isThere ? .damaged(item: KeyHandle.privateKey) : .absent(labels: [KeyHandle.privateKey])
    }
    self.init(owning: pointer)
  }

  private static let privateKey = "PRIVATE KEY"

  /// The public part as SubjectPublicKeyInfo in DER.
  func subjectPublicKeyInfo() throws(ProtectionError) -> [UInt8] {
    try encoded("i2d_PUBKEY") { i2d_PUBKEY(pointer, $0) }
  }

  /// What kind of key it is, such as `RSA 2048` or `EC prime256v1`.
  var kind: String {
    let name = EVP_PKEY_get0_type_name(pointer).map { String(cString: $0) } ?? "?"
    var group = [CChar](repeating: 0, count: 64)
    var length = 0
    if EVP_PKEY_get_group_name(pointer, &group, group.count, &length) == 1 {
      return "\(name) \(String(decoding: group.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))"
    }
    ERR_clear_error()
    return "\(name) \(EVP_PKEY_get_bits(pointer))"
  }

  func isRSA(minimumBits: Int32) -> Bool {
    EVP_PKEY_is_a(pointer, "RSA") == 1 && EVP_PKEY_get_bits(pointer) >= minimumBits
  }

  /// What kind of key a SubjectPublicKeyInfo holds; nil where libcrypto cannot read it.
  static func kind(ofPublic bytes: [UInt8]) -> String? {
    KeyHandle(publicKey: bytes)?.kind
  }
}

/// A passphrase at hand for libcrypto's asking, and whether it asked.
private struct PassphraseRequest {
  let passphrase: [UInt8]?
  var wasMade = false
}

/// Gives libcrypto the passphrase of a `PassphraseRequest`; without one, or with one that is too long, the reading fails.
private func answerPassphrase(
  _ buffer: UnsafeMutablePointer<CChar>?, _ size: CInt, _: CInt, _ user: UnsafeMutableRawPointer?
) -> CInt {
  guard let request = user?.assumingMemoryBound(to: PassphraseRequest.self) else { return -1 }
  request.pointee.wasMade = true
  guard let passphrase = request.pointee.passphrase, let buffer, passphrase.count <= Int(size) else {
    return -1
  }
  for (index, byte) in passphrase.enumerated() { buffer[index] = CChar(bitPattern: byte) }
  return CInt(passphrase.count)
}
