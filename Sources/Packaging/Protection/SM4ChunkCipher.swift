import CLibCrypto

/// SM4 in counter mode, then HMAC-SM3 over associated data, nonce and cipher text.
final class SM4ChunkCipher: ChunkCipher, @unchecked Sendable {
  // Never used by two threads at once; see `ChunkCipherPool`.
  private let counter: Owned
  /// Keyed, and copied for each chunk.
  private let authentication: Owned
  private static let tagBytes = 32
  private static let cipherKeyBytes = 16

  /// - Parameter key: 16 bytes for SM4, the others for HMAC.
  init(_ key: Secret) throws(ProtectionError) {
    let counter = try Owned(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new") { EVP_CIPHER_CTX_free($0) }
    let isReady = key.withBytes {
      $0.count > SM4ChunkCipher.cipherKeyBytes
        && EVP_EncryptInit_ex(counter.pointer, EVP_sm4_ctr(), nil, $0.baseAddress, nil) == 1
    }
    guard isReady else { throw .library("SM4-CTR") }
    let keyed = key.withBytes { key in
      let own = UnsafeBufferPointer(rebasing: key.dropFirst(SM4ChunkCipher.cipherKeyBytes))
      return clibcrypto_hmac_new("SM3", own.baseAddress, own.count)
    }
    let authentication = try Owned(keyed, "HMAC-SM3") { EVP_MAC_CTX_free($0) }
    self.counter = counter
    self.authentication = authentication
  }

  func seal(
    _ piece: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8],
    into stored: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    guard crypt(piece, nonce: nonce, into: stored) else { return false }
    let cipherText = UnsafeRawBufferPointer(start: stored, count: piece.count)
    return writeTag(of: cipherText, nonce: nonce, associatedData: associatedData, to: stored + piece.count)
  }

  func open(
    _ stored: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8],
    into piece: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    guard verifies(stored, nonce: nonce, associatedData: associatedData) else { return false }
    return crypt(SM4ChunkCipher.cipherText(of: stored), nonce: nonce, into: piece)
  }

  // The nonce stands before the cipher text, so that each one costs as much as the first.
  func search(
    _ nonces: [[UInt8]], for stored: UnsafeRawBufferPointer, associatedData: [UInt8]
  ) -> Int? {
    nonces.firstIndex { verifies(stored, nonce: $0, associatedData: associatedData) }
  }

  private static func cipherText(of stored: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: stored.dropLast(tagBytes))
  }

  private func verifies(
    _ stored: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8]
  ) -> Bool {
    let cipherText = SM4ChunkCipher.cipherText(of: stored)
    var tag = [UInt8](repeating: 0, count: SM4ChunkCipher.tagBytes)
    guard stored.count >= tag.count, let base = stored.baseAddress else { return false }
    return writeTag(of: cipherText, nonce: nonce, associatedData: associatedData, to: &tag)
      && CRYPTO_memcmp(tag, base + cipherText.count, tag.count) == 0
  }

  /// Enciphers or deciphers, which is the same.
  private func crypt(
    _ bytes: UnsafeRawBufferPointer, nonce: [UInt8], into result: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    // The first counter block: the nonce and a block number of four bytes.
    guard EVP_EncryptInit_ex(counter.pointer, nil, nil, nil, nonce + [0, 0, 0, 0]) == 1 else { return false }
    var count: CInt = 0
    guard let base = bytes.bindMemory(to: UInt8.self).baseAddress, !bytes.isEmpty else { return true }
    return EVP_EncryptUpdate(counter.pointer, result, &count, base, CInt(bytes.count)) == 1
      && Int(count) == bytes.count
  }

  private func writeTag(
    of cipherText: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8],
    to tag: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    guard let context = EVP_MAC_CTX_dup(authentication.pointer) else { return false }
    defer { EVP_MAC_CTX_free(context) }
    let bytes = cipherText.bindMemory(to: UInt8.self)
    var count = 0
    return EVP_MAC_update(context, associatedData, associatedData.count) == 1
      && EVP_MAC_update(context, nonce, nonce.count) == 1
      && (bytes.isEmpty || EVP_MAC_update(context, bytes.baseAddress, bytes.count) == 1)
      && EVP_MAC_final(context, tag, &count, SM4ChunkCipher.tagBytes) == 1
      && count == SM4ChunkCipher.tagBytes
  }
}
