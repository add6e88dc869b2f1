import CLibCrypto

/// Why a key, a certificate or an operation with one cannot be used: what whoever gave it has to mend, never a fault of a package.
///
/// No case holds anything secret.
public enum ProtectionError: Error, Sendable, Hashable {
  /// No PEM block with one of these labels is there.
  case absent(labels: [String])
  /// What is there is no key or certificate that can be read; `item` says which, such as `PUBLIC KEY` or `CERTIFICATE 2`.
  case damaged(item: String)
  /// A good key of a kind that has no use here, such as `RSA 1024` where RSA of at least 2,048 bits is asked for.
  case unsuitable(found: String, needed: String)
  /// The private key is encrypted, and no passphrase was given.
  case passphraseNeeded
  /// The private key is encrypted, and not with the passphrase that was given.
  case passphraseWrong
  /// A content key is wrapped for an RSA or P-256 key by its certificate, which CMS names the recipient by; a bare public key was given.
  case certificateNeeded(found: String)
  /// The cryptographic library of the system refuses an operation.
  case refused(operation: String, reason: String)
}

extension ProtectionError {
  /// What libcrypto last complained of on this thread, whose complaints are then forgotten.
  static func library(_ operation: String) -> ProtectionError {
    let code = ERR_peek_last_error()
    let reason = ERR_reason_error_string(code).map { String(cString: $0) }
    ERR_clear_error()
    return .refused(operation: operation, reason: reason ?? "")
  }
}
