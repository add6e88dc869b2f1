import CLibCrypto

/// HKDF (RFC 5869), by which everything secret of a package is derived from its content key (profile clause 8.2, section 10.2).
enum KeyDerivation {
  /// The hash underneath; the raw value is the name that libcrypto gives it.
  enum Hash: String {
    case sha256 = "SHA256"
    case sm3 = "SM3"
  }

  /// Extracts and expands.
  ///
  /// - Throws: `refused` where libcrypto lacks the hash.
  static func derive(
    _ hash: Hash, from key: Secret, salt: [UInt8], info: [UInt8], count: Int
  ) throws(ProtectionError) -> Secret {
    let result = Secret(count: count) { result in
      key.withBytes {
        clibcrypto_hkdf(
          hash.rawValue, $0.baseAddress, $0.count, salt, salt.count, info, info.count, result, count) == 1
      }
    }
    guard let result else { throw .library("HKDF \(hash.rawValue)") }
    return result
  }
}
