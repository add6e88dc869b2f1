import CLibCrypto

/// A certificate of libcrypto's (X.509).
struct Certificate: ~Copyable {
  let pointer: OpaquePointer

  /// A certificate in DER.
  ///
  /// - Parameter item: what it is called where it is damaged.
  /// - Throws: `damaged` for anything that is no certificate, or has something after it.
  init(_ bytes: [UInt8], item: String) throws(ProtectionError) {
    var outer = DERReader(bytes)
    guard outer.enter(DERReader.Tag.sequence) != nil, outer.isAtEnd else { throw .damaged(item: item) }
    let pointer = bytes.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      var position = bytes.baseAddress
      return d2i_X509(nil, &position, bytes.count)
    }
    ERR_clear_error()
    guard let pointer else { throw .damaged(item: item) }
    self.pointer = pointer
  }

  deinit { X509_free(pointer) }

  /// The key as it stands in the certificate.
  func subjectPublicKeyInfo() throws(ProtectionError) -> [UInt8] {
    let key = X509_get_X509_PUBKEY(pointer)
    return try encoded("i2d_X509_PUBKEY") { i2d_X509_PUBKEY(key, $0) }
  }
}
