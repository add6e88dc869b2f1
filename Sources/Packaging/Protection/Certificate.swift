import CLibCrypto
import Glibc

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
  /// Whose it is, as RFC 4514 writes names.
  var subject: String { Certificate.text(of: X509_get_subject_name(pointer)) }

  /// Who made it.
  var issuer: String { Certificate.text(of: X509_get_issuer_name(pointer)) }

  /// Whether it is its own issuer's, by name.
  var isSelfIssued: Bool { X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(pointer)) == 0 }

  /// The days from and until which it is in force.
  static func validity(of certificate: OpaquePointer) -> String {
    [X509_get0_notBefore(certificate), X509_get0_notAfter(certificate)].map { time in
      var moment = tm()
      guard ASN1_TIME_to_tm(time, &moment) == 1,
        let day = CalendarDay(
          year: Int(moment.tm_year) + 1900, month: Int(moment.tm_mon) + 1, day: Int(moment.tm_mday))
      else { return "?" }
      return day.description
    }.joined(separator: " – ")
  }

  static func text(of name: OpaquePointer?) -> String {
    guard let memory = try? Owned.memory(), clibcrypto_name_print(memory.pointer, name) == 1 else {
      return "?"
    }
    return memory.withContent { String(decoding: $0, as: UTF8.self) }
  }

  /// SM2 signatures go over a user id, which no certificate holds; in GB/T 35276 and here it is the default one.
  func setIdentityWhereSM2() {
    guard X509_get_signature_nid(pointer) == NID_SM2_with_SM3, X509_get0_distinguishing_id(pointer) == nil,
      let identity = ASN1_OCTET_STRING_new()
    else { return }
    let bytes = SignatureAlgorithm.sm2Identity
    guard ASN1_OCTET_STRING_set(identity, bytes, CInt(bytes.count)) == 1 else {
      ASN1_OCTET_STRING_free(identity)
      return
    }
    X509_set0_distinguishing_id(pointer, identity)
  }
}
