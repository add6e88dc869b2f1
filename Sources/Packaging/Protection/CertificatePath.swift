import CLibCrypto

extension CertificateChain {
  /// Whether certificates lead to an authority.
  public enum Outcome: Sendable, Hashable {
    /// They do, and all are in force.
    case trusted
    /// No path leads there; the text names the subjects and, where it is another reason than a missing issuer, the reason.
    case noPath(String)
    /// A path leads there, and one of its certificates is not in force; the text names that one and its days.
    case notInForce(String)
  }

  /// Whether these certificates lead to one of the authorities (RFC 5280, no revocation) at 00:00 UTC of a day.
  ///
  /// - Throws: as `leads(to:at:)` for a moment.
  public func leads(
    to authorities: [CertificateChain], at date: CalendarDay
  ) throws(ProtectionError) -> Outcome {
    try leads(to: authorities, at: JudgingTime(startOf: date))
  }

  /// Whether these certificates lead to one of the authorities (RFC 5280, no revocation, keys and digests of at least 112 bits).
  ///
  /// Each certificate of an authority is one to end at, an intermediate one too. Nothing but what is given here is looked at: neither
  /// the certificates of the system nor the network.
  /// - Throws: `damaged`, `refused` where libcrypto has no memory.
  public func leads(
    to authorities: [CertificateChain], at time: JudgingTime
  ) throws(ProtectionError) -> Outcome {
    let anchors = authorities.flatMap(\.certificates)
    guard let failure = try CertificatePath(certificates, anchors).failure(at: time) else { return .trusted }
    // libcrypto takes the last second of a term for the first one behind it; by RFC 5280, 4.1.2.5, it belongs to the term.
    if let before = time.secondBefore, try CertificatePath(certificates, anchors).failure(at: before) == nil {
      return .trusted
    }
    guard try CertificatePath(certificates, anchors).failure(at: nil) == nil else {
      return .noPath(failure.isOfIssuer ? try path : "\(try path): \(failure.reason)")
    }
    return .notInForce(failure.certificate)
  }
}

/// One search for a path by libcrypto, from a signer's certificate to one that is trusted.
private struct CertificatePath: ~Copyable {
  struct Failure {
    let reason: String
    let isOfIssuer: Bool
    /// The certificate at which the path ended: its subject and its days.
    let certificate: String
  }

  private let context: Owned
  // What the context refers to.
  private let store: Owned
  private let others: Owned
  private let leaf: Certificate
  private let endsAnywhere: Bool

  init(_ certificates: [[UInt8]], _ anchors: [[UInt8]]) throws(ProtectionError) {
    guard let first = certificates.first else { throw .absent(labels: [PEMBlock.certificate]) }
    let leaf = try Certificate(first, item: PEMBlock.certificate)
    leaf.setIdentityWhereSM2()
    let store = try Owned(X509_STORE_new(), "X509_STORE_new") { X509_STORE_free($0) }
    var endsAnywhere = false
    for bytes in anchors {
      let anchor = try Certificate(bytes, item: PEMBlock.certificate)
      anchor.setIdentityWhereSM2()
      // An intermediate one ends a path only where libcrypto is told that paths may end so.
      endsAnywhere = endsAnywhere || !anchor.isSelfIssued
      guard X509_STORE_add_cert(store.pointer, anchor.pointer) == 1 else {
        throw .library("X509_STORE_add_cert")
      }
    }
    let others = try Owned(clibcrypto_certificates_new(), "sk_X509_new") { clibcrypto_certificates_free($0) }
    for bytes in certificates.dropFirst() {
      let other = try Certificate(bytes, item: PEMBlock.certificate)
      other.setIdentityWhereSM2()
      guard X509_up_ref(other.pointer) == 1 else { throw .library("X509_up_ref") }
      guard clibcrypto_certificates_push(others.pointer, other.pointer) == 1 else {
        X509_free(other.pointer)
        throw .library("sk_X509_push")
      }
    }
    let context = try Owned(X509_STORE_CTX_new(), "X509_STORE_CTX_new") { X509_STORE_CTX_free($0) }
    guard X509_STORE_CTX_init(context.pointer, store.pointer, leaf.pointer, others.pointer) == 1 else {
      throw .library("X509_STORE_CTX_init")
    }
    self.context = context
    self.store = store
    self.others = others
    self.leaf = leaf
    self.endsAnywhere = endsAnywhere
  }

  /// Why there is no path; nil where there is one. To be asked once.
  ///
  /// - Parameter time: nil to leave out of account when certificates are in force.
  func failure(at time: JudgingTime?) throws(ProtectionError) -> Failure? {
    guard let parameters = X509_STORE_CTX_get0_param(context.pointer) else {
      throw .library("X509_STORE_CTX")
    }
    if let time {
      X509_VERIFY_PARAM_set_time(parameters, time_t(time.secondsSince1970))
    } else {
      X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_NO_CHECK_TIME))
    }
    if endsAnywhere { X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN)) }
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY)
    // Level 2 of libcrypto: 112 bits, which neither SHA-1 nor RSA of 1,024 bits has.
    X509_VERIFY_PARAM_set_auth_level(parameters, 2)
    let result = X509_verify_cert(context.pointer)
    ERR_clear_error()
    guard result != 1 else { return nil }
    let code = X509_STORE_CTX_get_error(context.pointer)
    guard code != X509_V_ERR_OUT_OF_MEM else {
      throw .refused(operation: "X509_verify_cert", reason: "memory")
    }
    let at = X509_STORE_CTX_get_current_cert(context.pointer) ?? leaf.pointer
    return Failure(
      reason: String(cString: X509_verify_cert_error_string(Int(code))),
      isOfIssuer: [
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
        X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      ].contains(code),
      certificate: "\(Certificate.text(of: X509_get_subject_name(at))), \(Certificate.validity(of: at))")
  }
}
