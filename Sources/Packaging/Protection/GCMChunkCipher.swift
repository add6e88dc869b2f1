import CLibCrypto

/// AES-256-GCM with a tag of 16 bytes (NIST SP 800-38D).
final class GCMChunkCipher: ChunkCipher, @unchecked Sendable {
  // Never used by two threads at once; see `ChunkCipherPool`.
  private let sealing: Owned
  private let opening: Owned
  private static let tagBytes = 16

  init(_ key: Secret) throws(ProtectionError) {
    let sealing = try Owned(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new") { EVP_CIPHER_CTX_free($0) }
    let opening = try Owned(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new") { EVP_CIPHER_CTX_free($0) }
    let isReady = key.withBytes {
      EVP_EncryptInit_ex(sealing.pointer, EVP_aes_256_gcm(), nil, $0.baseAddress, nil) == 1
        && EVP_DecryptInit_ex(opening.pointer, EVP_aes_256_gcm(), nil, $0.baseAddress, nil) == 1
    }
    guard isReady else { throw .library("AES-256-GCM") }
    self.sealing = sealing
    self.opening = opening
  }

  func seal(
    _ piece: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8],
    into stored: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    let context = sealing.pointer
    var count: CInt = 0
    guard EVP_EncryptInit_ex(context, nil, nil, nil, nonce) == 1,
      EVP_EncryptUpdate(context, nil, &count, associatedData, CInt(associatedData.count)) == 1
    else { return false }
    if let bytes = piece.bindMemory(to: UInt8.self).baseAddress, !piece.isEmpty {
      guard EVP_EncryptUpdate(context, stored, &count, bytes, CInt(piece.count)) == 1 else { return false }
    }
    let tag = stored + piece.count
    // A stream cipher has nothing left to write at its end.
    return EVP_EncryptFinal_ex(context, tag, &count) == 1
      && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(GCMChunkCipher.tagBytes), tag) == 1
  }

  func open(
    _ stored: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8],
    into piece: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    let context = opening.pointer
    let contentCount = stored.count - GCMChunkCipher.tagBytes
    guard contentCount >= 0, let bytes = stored.bindMemory(to: UInt8.self).baseAddress else { return false }
    var tag = Array(UnsafeBufferPointer(start: bytes + contentCount, count: GCMChunkCipher.tagBytes))
    var count: CInt = 0
    guard EVP_DecryptInit_ex(context, nil, nil, nil, nonce) == 1,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(tag.count), &tag) == 1,
      EVP_DecryptUpdate(context, nil, &count, associatedData, CInt(associatedData.count)) == 1,
      contentCount == 0 || EVP_DecryptUpdate(context, piece, &count, bytes, CInt(contentCount)) == 1
    else { return false }
    var rest: UInt8 = 0
    return EVP_DecryptFinal_ex(context, &rest, &count) == 1
  }

  func search(
    _ nonces: [[UInt8]], for stored: UnsafeRawBufferPointer, associatedData: [UInt8]
  ) -> Int? {
    guard let first = nonces.first, let base = stored.baseAddress,
      let hash = hash(of: stored, nonce: first, associatedData: associatedData)
    else { return nil }
    let tag = base + stored.count - GCMChunkCipher.tagBytes
    return nonces.firstIndex { nonce in
      guard let mask = mask(nonce) else { return false }
      let expected = zip(hash, mask).map { $0 ^ $1 }
      return CRYPTO_memcmp(expected, tag, expected.count) == 0
    }
  }

  /// The part of a tag that does not depend on the nonce: GHASH over associated data and cipher text.
  ///
  /// libcrypto tells a tag only to who encrypts, so the cipher text is deciphered and enciphered again under one nonce.
  private func hash(
    of stored: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8]
  ) -> [UInt8]? {
    guard let mask = mask(nonce) else { return nil }
    let size = stored.count - GCMChunkCipher.tagBytes
    guard size >= 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: stored.count)
    let isSealed = bytes.withUnsafeMutableBufferPointer { buffer in
      guard let piece = buffer.baseAddress else { return false }
      defer { OPENSSL_cleanse(piece, size) }
      // No tag verifies here; what comes out is the content only under the nonce that was used.
      _ = open(stored, nonce: nonce, associatedData: associatedData, into: piece)
      let content = UnsafeRawBufferPointer(start: piece, count: size)
      return seal(content, nonce: nonce, associatedData: associatedData, into: piece)
    }
    return isSealed ? zip(bytes.suffix(GCMChunkCipher.tagBytes), mask).map { $0 ^ $1 } : nil
  }

  /// The block with which a nonce masks the hash: the tag of nothing at all, whose hash is zero.
  private func mask(_ nonce: [UInt8]) -> [UInt8]? {
    var mask = [UInt8](repeating: 0, count: GCMChunkCipher.tagBytes)
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    return seal(nothing, nonce: nonce, associatedData: [], into: &mask) ? mask : nil
  }
}
