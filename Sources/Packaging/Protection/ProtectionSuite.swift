/// How the content of a package is encrypted (profile clause 8.2, section 10); the raw value is the number in the start unit.
public enum ProtectionSuite: UInt16, Sendable, Hashable, CaseIterable {
  /// Not at all.
  case none = 0
  /// AES-256-GCM (NIST SP 800-38D), keys by HKDF with SHA-256.
  case aes256GCM = 1
  /// SM4 in counter mode (GB/T 32907—2016, GB/T 17964—2021), then HMAC with SM3; keys by HKDF with SM3.
  case sm4CTRHMACSM3 = 2

  /// How many bytes the tag of a chunk has.
  public var tagBytes: Int {
    switch self {
    case .none: 0
    case .aes256GCM: 16
    case .sm4CTRHMACSM3: 32
    }
  }

  /// How many bytes of content a full chunk holds.
  public var pieceBytes: Int { HashTree.chunkBytes - tagBytes }

  /// How many bytes of key a unit has.
  var unitKeyBytes: Int {
    switch self {
    case .none: 0
    case .aes256GCM: 32
    case .sm4CTRHMACSM3: 48
    }
  }

  /// The hash by which keys are derived.
  var hash: KeyDerivation.Hash { self == .sm4CTRHMACSM3 ? .sm3 : .sha256 }

  /// How many bytes of content so many stored bytes hold; nil where no content gives that length (P8.2-086).
  func contentLength(stored: UInt64) -> UInt64? {
    let (chunk, tag) = (UInt64(HashTree.chunkBytes), UInt64(tagBytes))
    let last = stored % chunk
    guard self != .none else { return stored }
    guard stored >= tag, stored < 1 << 63, last == 0 || last > tag || stored < chunk else { return nil }
    return stored - (stored / chunk + (last > 0 ? 1 : 0)) * tag
  }

  /// How many bytes content of that length is stored in; nil where that is more than a payload may have.
  func storedLength(content: UInt64) -> UInt64? {
    let piece = UInt64(pieceBytes)
    let pieces = content == 0 ? 1 : (content - 1) / piece + 1
    let (tags, isTooMuch) = pieces.multipliedReportingOverflow(by: UInt64(tagBytes))
    let (stored, isTooLong) = content.addingReportingOverflow(tags)
    return isTooMuch || isTooLong || stored >= 1 << 63 ? nil : stored
  }
}
